"""Stems, which the forms of an English word share; and lists of what a stemmer gets wrong."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

# Plurals that no rule of endings knows.
IRREGULAR = {
    "children": "child", "men": "man", "mice": "mouse", "feet": "foot", "teeth": "tooth",
    "geese": "goose", "oxen": "ox", "wolves": "wolf", "knives": "knife", "lives": "life",
    "wives": "wife", "halves": "half", "shelves": "shelf", "thieves": "thief", "calves": "calf",
    "loaves": "loaf", "criteria": "criterion", "phenomena": "phenomenon",
    "bacteria": "bacterium", "indices": "index", "matrices": "matrix", "vertices": "vertex",
    "appendices": "appendix", "fungi": "fungus", "nuclei": "nucleus", "stimuli": "stimulus",
    "alumni": "alumnus", "larvae": "larva", "algae": "alga", "formulae": "formula",
    "curricula": "curriculum", "strata": "stratum", "spectra": "spectrum", "quanta": "quantum",
    "buses": "bus", "gases": "gas", "lenses": "lens", "bases": "base",
}  # fmt: skip
# Words that share a stem with others of another sense, and with which forms they are one.
APART = {
    form: forms[0]
    for forms in (
        ("business", "businesses"),
        ("busy", "busier", "busiest"),
        ("important", "importance", "importantly"),
        ("informal", "informally"),
        ("experiment", "experiments", "experimental", "experimented", "experimenting"),
        ("engineer", "engineers", "engineering", "engineered"),
        ("marketing",),
        ("goods",),
        ("arms",),
        ("customs",),
        ("polite", "politely"),
        ("rational", "rationality"),
        ("objective", "objectives", "objectively"),
        ("several",),
        ("severe", "severely", "severity"),
        ("authority", "authorities"),
        ("relativity",),
        ("transition", "transitions", "transitional"),
        ("positive", "positively"),
        ("animation", "animations", "animated"),
        ("lens",),
        ("united",),
        ("nation", "nations"),
        ("national", "nationals", "nationally"),
        ("hospitality",),
        ("publicity",),
        ("petition", "petitions", "petitioner", "petitioners"),
        ("publication", "publications"),
        ("relative", "relatives", "relatively"),
        ("department", "departments", "departmental"),
        ("apartment", "apartments"),
        ("customer", "customers"),
        ("emergency", "emergencies"),
        ("initiative", "initiatives"),
        ("executive", "executives"),
        ("stocking", "stockings"),
        ("electron", "electrons"),
        ("securities",),
        ("designate", "designates", "designated", "designating", "designation", "designations"),
        ("formation", "formations"),
        ("majority", "majorities"),
        ("minority", "minorities"),
        ("humanity",),
        ("humane", "humanely"),
        ("physical", "physically"),
        ("mobilize", "mobilizes", "mobilized", "mobilizing", "mobilization"),
        ("railing", "railings"),
        ("winding",),
        ("interesting", "interestingly"),
        ("conversation", "conversations", "conversational"),
        ("fertile", "fertility"),
        ("economical",),
        ("contraction", "contractions"),
        ("secretion", "secretions"),
        ("officer", "officers"),
        ("succession", "successions"),
        ("procession", "processions"),
        ("recession", "recessions"),
        ("accession", "accessions"),
        ("possession", "possessions"),
        ("expression", "expressions"),
        ("instrumental",),
        ("critical", "critically"),
        ("logical", "logically"),
        ("periodical", "periodicals"),
        ("proceeds",),
        ("proceedings",),
    )
    for form in forms
}
_MEN = re.compile(
    r"(?P<who>wo|fisher|sales|chair|police|fire|sports|spokes|business|crafts|trades)men"
)
_SES = re.compile(r"(?P<head>.*(?:naly|cri|the|gno|raly|taly|troly|empha|oa|uro|psycho))ses")
_OUR = re.compile(
    r"(?P<head>.*(?:col|lab|behavi|harb|neighb|hon|fav|flav|vap|rum|tum|arm|vig))our(?P<end>.*)"
)
_ISE = re.compile(r"(?P<head>.{3,})is(?P<end>e|ed|es|ing|er|ers|ation|ations)")
_TRE = re.compile(r"(?P<head>.*(?:cent|theat|fib|lit|met))re(?P<end>s?)")
# British and American spellings that no rule of endings makes one.
SPELLINGS = {
    "aluminium": "aluminum", "catalogue": "catalog", "catalogues": "catalogs",
    "defence": "defense", "defences": "defenses", "dialogue": "dialog", "dialogues": "dialogs",
    "grey": "gray", "licence": "license", "licences": "licenses", "plough": "plow",
    "ploughs": "plows", "programme": "program", "programmes": "programs", "sulphur": "sulfur",
    "tyre": "tire", "tyres": "tires",
}  # fmt: skip
_VOWEL = re.compile(r"[aeiouy]")


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """Return the stem of an English word without case; other words are their own, without the
    accents of Latin letters."""
    plain = without_accents(word.removesuffix("'s").replace("'", ""))
    if not (plain.isascii() and plain.isalpha()):
        return plain.replace(",", "")
    return _english(plain)


def without_accents(word: str) -> str:
    """Return a word without the accents that stand on letters from a to z."""
    if word.isascii():
        return word
    letters: list[str] = []
    for one in unicodedata.normalize("NFD", word):
        if unicodedata.combining(one) and letters and letters[-1].isascii():
            continue
        letters.append(one)
    return unicodedata.normalize("NFC", "".join(letters))


def _english(word: str) -> str:
    word = _singular(_american(word))
    if word in APART:
        return APART[word]
    if len(word) > 2 and word.endswith("s") and not _VOWEL.search(word):  # LLMs, PhDs
        return word[:-1] if not word.endswith("ss") else word
    stem = str(_stemmer().stemWord(word))
    return stem.removesuffix("i") if word.endswith("alysis") else stem  # with analyse, paralysed


def _singular(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if match := _MEN.fullmatch(word):
        return f"{match['who']}man"
    if match := _SES.fullmatch(word):
        return f"{match['head']}sis"
    return word


def _american(word: str) -> str:
    if word in SPELLINGS:
        return SPELLINGS[word]
    if match := _OUR.fullmatch(word):
        return f"{match['head']}or{match['end']}"
    if match := _TRE.fullmatch(word):
        return f"{match['head']}er{match['end']}"
    if match := _ISE.fullmatch(word):
        return f"{match['head']}iz{match['end']}"
    return word


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")
