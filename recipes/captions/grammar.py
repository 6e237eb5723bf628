"""Where a caption may be broken: the price of each gap between two words.

The order of preference is that of the Netflix Timed Text Style Guide and the BBC Subtitle Guidelines: after
punctuation, before a conjunction, before a preposition; never after an article, preposition or conjunction, nor
inside a number and its unit, a name and its initials, a negation and its verb, a pronoun and its verb.
"""

from __future__ import annotations

import re

SENTENCE_END = 0.0
CLAUSE_END = 15.0
BEFORE_CONJUNCTION = 40.0
BEFORE_PREPOSITION = 55.0
PLAIN = 100.0
LOOSE = 160.0
"""Words that belong together without being one: an adjective and its noun, a first and a last name."""
TIGHT = 350.0
"""A pronoun and its verb, an auxiliary and its verb."""
FORBIDDEN = 1500.0
"""Broken only where nothing else fits the frame."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONJUNCTIONS = {
    "ru": _words(
        "и а но да или либо что чтобы если когда пока хотя зато однако потому поэтому где куда откуда как чем будто "
        "словно ведь ибо который которая которое которые которого которой которых которым которую котором"
    ),
    "en": _words(
        "and but or nor so yet because although though while when where which who whom whose that if unless until "
        "since than as whether"
    ),
}
_PREPOSITIONS = {
    "ru": _words(
        "в во на с со к ко о об обо от ото у из изо за над надо под подо по до для без безо при про через между перед "
        "передо после около возле вокруг вместо кроме среди сквозь ради против из-за из-под благодаря согласно"
    ),
    "en": _words(
        "of in on at to for from by with without about above across after against along among around before behind "
        "below beneath beside between beyond during inside into near off onto over past through toward towards under "
        "up upon within per via"
    ),
}
# Short words that lean on the next one: at the end of a line each of them looks lost.
_LEANING = {
    "ru": _words(
        "не ни уж ещё еще уже лишь только даже вот это то эта этот эти тот та те мой моя моё мои твой твоя "
        "наш наша наше наши ваш ваша ваше ваши его её их свой своя своё свои весь вся всё все самый самая самое самые "
        "очень более менее каждый каждая каждое каждые каждую г. ул. стр. рис. см. т. н. им. №"
    ),
    "en": _words(
        "not very more most less mr. mrs. ms. dr. st. no. vs. don't doesn't didn't won't can't isn't aren't wasn't "
        "weren't"
    ),
}
# They begin a group of words: as lost at the end of a line as the others, and welcome at the beginning of one.
_DETERMINERS = {"en": _words("a an the no my your his her its our their this these those every each some any all both")}
# They lean on the word before.
_ENCLITICS = {"ru": _words("бы б ли ль же ж")}
_PRONOUNS = {
    "ru": _words("я ты он она оно мы вы они кто"),
    "en": _words(
        "i you he she it we they there i'm you're he's she's it's we're they're i'll you'll we'll they'll "
        "i've you've we've is are was were am be been being will would can could should shall must may might do does "
        "did has have had"
    ),
}
_ADJECTIVE = re.compile(
    r"\w{2,}(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ыми|ими|ых|их|ую|юю)|\w{3,}(?:ful|ous|ive|ible|able|less|est|al|ic)"
)
_SHORT = 4  # «и», "that" may not end a line, «которые» may, if it must
_OPENING = "«„“\"'([—–-"
_CLOSING = "»”\"')]"


def penalty(left: str, right: str, language: str) -> float:
    """The price of a break between two neighbouring words as shown, `0` (best) to `FORBIDDEN`.

    `language` is BCP 47; one without rules here is judged by punctuation, numbers and names alone.
    """
    language = language.partition("-")[0].lower()
    bare = left.rstrip(_CLOSING)
    before = left.lower().lstrip(_OPENING)
    after = right.lower().lstrip(_OPENING).rstrip(".,!?:;…" + _CLOSING)
    if _is_initial(left) or before in _LEANING.get(language, ()) or before in _DETERMINERS.get(language, ()):
        # «только | в 1959 году» is poor, but to lose what the preposition leans on is worse.
        return TIGHT if after in _PREPOSITIONS.get(language, ()) and not _is_initial(right) else FORBIDDEN
    if bare.endswith((".", "!", "?", "…")):
        # «т. е.», «и т. д.»: an abbreviation ends no sentence when a small letter follows.
        return SENTENCE_END if not right.lstrip(_OPENING)[:1].islower() else PLAIN
    if bare.endswith((",", ";", ":", "—", "–")):
        return CLAUSE_END
    if after in _ENCLITICS.get(language, ()):
        return FORBIDDEN
    if right[:1] in "—–":
        return TIGHT  # a line does not begin with a dash, unless it is speech, which begins a sentence
    return _between(left, before, right, after, language)


def _between(left: str, before: str, right: str, after: str, language: str) -> float:
    """The price where no punctuation helps."""
    joins = before in _CONJUNCTIONS.get(language, ())
    counts = before[-1:].isdigit()
    if counts or _is_initial(right) or before in _PREPOSITIONS.get(language, ()) or (joins and len(before) <= _SHORT):
        return FORBIDDEN
    if joins or before in _PRONOUNS.get(language, ()):
        return LOOSE if after in _DETERMINERS.get(language, ()) else TIGHT
    if after in _CONJUNCTIONS.get(language, ()):
        return BEFORE_CONJUNCTION
    if after in _PREPOSITIONS.get(language, ()):
        # Before a comma it is no preposition but the particle of its verb: "it adds up,".
        return BEFORE_PREPOSITION if right[-1:].isalpha() else TIGHT
    if (left[:1].isupper() and right[:1].isupper()) or _ADJECTIVE.fullmatch(before):
        return LOOSE
    return PLAIN


def _is_initial(word: str) -> bool:
    """«А.», "J.", «А.С.»: part of the name beside it."""
    return re.fullmatch(r"(?:\w\.){1,3}", word) is not None and word[0].isupper()
