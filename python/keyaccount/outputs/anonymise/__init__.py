"""``anonymise``: a copy without personal data that still settles to the same amounts (§5.1 信息保护)."""

from keyaccount.outputs.anonymise.run import Anonymised, anonymise_file

__all__ = ["Anonymised", "anonymise_file"]
