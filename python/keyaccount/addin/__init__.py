"""The Excel add-in: keyaccount.xlam built from readable sources, installed, examined and taken away again.

The sources are addin/ribbon.xml and addin/vba in a checkout, the same files in an installed package.
"""
