"""Every sentence that a person reads, in English and Chinese, one small catalogue for each audience.

A catalogue is a mapping from a key to its sentence in each language; `say` fills the blanks. A test demands that both
languages are present and have the same blanks.
"""

from orderpoint.messages.catalogue import LANGUAGES, Catalogue, Language, say

__all__ = ["LANGUAGES", "Catalogue", "Language", "say"]
