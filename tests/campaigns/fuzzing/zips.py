"""Mutators of the zip: what a bad disk, a bad line, a bad program or a bad person makes of a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from tests.campaigns.fuzzing.books import Base
from tests.campaigns.fuzzing.judge import Variant
from tests.campaigns.fuzzing.packing import DEFLATED, Member, of_parts, pack

Mutator = Callable[[Random, Base], Variant]
MOST_FLIPS = 8
_SWOLLEN = b" " * (2 << 20)


def bytes_flipped(random: Random, base: Base) -> Variant:
    """A few bits are other ones, anywhere or in the directory."""
    data = bytearray(pack(_members(random, base)))
    start = data.index(b"PK\x01\x02") if random.random() < 0.5 else 0
    places = [random.randrange(start, len(data)) for _ in range(random.randint(1, MOST_FLIPS))]
    for place in places:
        data[place] ^= 1 << random.randrange(8)
    return Variant(bytes(data), f"bits flipped at {places}")


def cut_or_spliced(random: Random, base: Base) -> Variant:
    """A piece is missing, twice, elsewhere, or something else stands before or behind."""
    data = pack(_members(random, base))
    start = random.randrange(len(data))
    end = min(len(data), start + random.choice((1, 16, 512, 4096, len(data))))
    piece = data[start:end]
    way = random.randrange(6)
    made = (
        data[:start],
        data[:start] + data[end:],
        data[:end] + piece + data[end:],
        random.randbytes(random.randint(1, 600)) + data,
        data + random.randbytes(random.randint(1, 70_000)),
        data[:start] + random.randbytes(len(piece)) + data[end:],
    )[way]
    return Variant(made, f"cut or spliced, way {way}, at {start}:{end}")


def members_in_another_order(random: Random, base: Base) -> Variant:
    """The same parts in another order, packed, with a part of nobody's among them."""
    members = _members(random, base)
    random.shuffle(members)
    if random.random() < 0.5:
        members.insert(random.randrange(len(members)), Member("customXml/own.bin", random.randbytes(99)))
    return Variant(pack(members), "members in another order", "same")


def a_member_twice(random: Random, base: Base) -> Variant:
    """A part is there twice, under one name or under names that mean the same, with other amounts."""
    members = _members(random, base)
    sheets = [each for each in members if each.name.startswith("xl/worksheets/sheet")]
    member = random.choice(sheets)
    name = random.choice(
        (member.name, member.name.upper(), member.name.replace("/", "\\"), f"/{member.name}")
    )
    again = replace(member, name=name, data=member.data.replace(b"<v>1", b"<v>9"))
    members.insert(random.randrange(len(members)), again)
    return Variant(pack(members), f"{member.name} twice, as {name}", "error")


def a_member_missing(random: Random, base: Base) -> Variant:
    """A part is missing, or bears another name."""
    members = _members(random, base)
    index = random.randrange(len(members))
    name = members[index].name
    other = random.choice(
        ("", name.upper(), name.replace("/", "\\"), f"/{name}", f"{name}x", f"../{name}", "x")
    )
    members[index : index + 1] = [replace(members[index], name=other)] if other else []
    return Variant(pack(members), f"{name} became {other!r}")


def members_exchanged(random: Random, base: Base) -> Variant:
    """Two parts have changed places."""
    members = _members(random, base)
    one, other = random.sample(range(len(members)), 2)
    first, second = members[one], members[other]
    members[one], members[other] = replace(first, data=second.data), replace(second, data=first.data)
    return Variant(pack(members), f"{first.name} and {second.name} exchanged")


def a_member_that_lies(random: Random, base: Base) -> Variant:
    """A size, a checksum, a method or a flag says something else."""
    members = _members(random, base)
    index = random.randrange(len(members))
    member = members[index]
    size = len(member.data)
    lie: dict[str, Any] = random.choice(
        (
            {"size": random.choice((0, 1, size - 1, size + 1, size * 2, 2**31, 2**32 - 1))},
            {"crc": random.getrandbits(32)},
            {"said_method": random.choice((0, 8, 9, 12, 14, 93, 99))},
            {"flags": 1 << random.randrange(16)},
        )
    )
    members[index] = replace(member, **lie)
    return Variant(pack(members), f"{member.name} lies: {lie}")


def swollen(random: Random, base: Base) -> Variant:
    """A part that swells when it is unpacked, as a bomb does."""
    members = _members(random, base)
    index = random.randrange(len(members))
    at = random.choice((members[index].data.find(b"<", 60), len(members[index].data)))
    data = members[index].data
    members[index] = replace(members[index], data=data[:at] + _SWOLLEN + data[at:], method=DEFLATED)
    return Variant(pack(members), f"{members[index].name} swollen", "error")


def no_zip_at_all(random: Random, base: Base) -> Variant:
    """Something else under the name of a workbook."""
    data = pack(of_parts(base.parts))
    made = random.choice(
        (
            b"",
            b"PK",
            b"PK\x03\x04",
            b"PK\x05\x06" + bytes(18),
            b"PK\x03\x04" + random.randbytes(300),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.randbytes(900),
            random.randbytes(2000),
            b"<html><table><tr><td>Sale ID</td></tr></table></html>",
            "单号,日期\n".encode("gb18030"),
            pack([]),
            data[len(data) // 2 :],
        )
    )
    return Variant(made, f"no zip: {made[:12]!r}", "error")


def _members(random: Random, base: Base) -> list[Member]:
    """Give the parts as members, now and then packed."""
    method = DEFLATED if random.random() < 0.3 else 0
    return [replace(each, method=method) for each in of_parts(base.parts)]


ZIPS: tuple[Mutator, ...] = (
    bytes_flipped,
    cut_or_spliced,
    members_in_another_order,
    a_member_twice,
    a_member_missing,
    members_exchanged,
    a_member_that_lies,
    swollen,
    no_zip_at_all,
)
