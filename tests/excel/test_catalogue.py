from __future__ import annotations

import inspect
import re

import pytest

from keyaccount.excel import functions
from keyaccount.excel.catalogue import CATEGORY, ERRORS, FUNCTIONS, MODULE, CellFunction

each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
WIZARD = 255  # characters that the function wizard shows of a text
VBA_KEEPS = {
    "and",
    "currency",
    "date",
    "end",
    "in",
    "integer",
    "is",
    "me",
    "new",
    "next",
    "not",
    "or",
    "string",
}

USAGE = """
=COMMISSION(net_sales, tier, [date], [tiers], [uplift])
=COMMISSIONRATE(tier, [date], [tiers], [uplift])
=NETSALES(gross, [discount], [returns], [bad_debts], [recoveries])
=ADVANCE(commission, [rate])
=WITHHELD(commission, [rate])
=CLAWBACK(amount, origin_rate, [paid_share])
=TARGETBONUS(net_sales, target, final_commission, [rate])
=KEYACCOUNTSHARE(account_net, company_net)
=ISKEYACCOUNT(account_net, company_net, [threshold])
=SETTLEMENT(salesperson, period)
"""


def test_the_catalogue_has_the_specifications_functions() -> None:
    assert [function.usage for function in FUNCTIONS] == USAGE.split("\n")[1:-1]


@each_function
def test_a_function_takes_the_arguments_that_the_catalogue_names(function: CellFunction) -> None:
    assert functions.__name__ == MODULE
    parameters = inspect.signature(getattr(functions, function.name)).parameters
    taken = [(name, parameter.default is None) for name, parameter in parameters.items()]
    assert taken == [(argument.name, argument.optional) for argument in function.arguments]


def test_there_is_no_function_that_the_catalogue_lacks() -> None:
    public = {name for name in vars(functions) if re.fullmatch("[A-Z]{4,}", name)} - {"CATEGORY", "FUNCTION"}
    assert public == {function.name for function in FUNCTIONS}


@each_function
def test_help_in_both_languages_fits_the_function_wizard(function: CellFunction) -> None:
    said = [(function.en, function.zh), *((argument.en, argument.zh) for argument in function.arguments)]
    for english, chinese in said:
        assert 0 < len(english) + len(chinese) < WIZARD
        assert not re.search("[\u4e00-\u9fff]", english)
        assert re.search("[\u4e00-\u9fff]", chinese)
        assert "佣金" not in chinese
    assert all(CATEGORY)


@each_function
def test_the_wrappers_parameters_are_names_that_vba_takes(function: CellFunction) -> None:
    names = [argument.vba_name for argument in function.arguments]
    assert not VBA_KEEPS & set(names)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z_]*[a-z]", name) for name in names)


def test_the_errors_have_excels_numbers() -> None:
    assert (ERRORS["#DIV/0!"], ERRORS["#VALUE!"], ERRORS["#REF!"], ERRORS["#N/A"]) == (2007, 2015, 2023, 2042)
