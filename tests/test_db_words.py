"""The words that pseudonyms and generated passphrases are made of."""

import math
import re

from db.rules import vocabulary

FIRST_NAMES = """
    Rose Heather Hazel Ivy Olive Holly Daisy Lily Violet Jasmine Poppy Iris Amber Ruby Pearl Fern Clover
    Myrtle Dahlia Marigold Juniper Jade Opal Coral Crystal Robin Wren Jay Martin Laurel Ash Basil Rosemary
    Sage Bryony Camellia Magnolia Saffron Ginger Cherry Sandy Clay Cliff Glen Dale Heath Rocky Brook River
    Sky Dawn Summer Autumn Misty Gale Storm Merlin Phoenix Raven Dove Don Clyde Trent Garnet Beryl
    Sapphire Emerald Jasper Amethyst Angelica Tansy Petunia Hyacinth Linden Aspen Acacia
"""
SLIGHTS = """
    tart tramp slag whore slut hooker pimp punter escort client kerb trick tease bitch cow witch fairy
    dwarf gypsy queer spastic cripple idiot mad ugly fat victim arrest drug crack needle weed knife gun
    rape kill dead death die cock dick pussy knob tool screw shag swallow thrush
"""


def test_pseudonyms_are_many_distinct_single_words() -> None:
    words = vocabulary.pseudonyms()
    assert len(words) == len(set(words)) >= 300
    assert all(re.fullmatch("[A-Z][a-z]{2,11}", word) for word in words)


def test_no_pseudonym_is_a_common_first_name() -> None:
    assert not set(FIRST_NAMES.split()) & set(vocabulary.pseudonyms())


def test_passphrase_words_are_4096_short_plain_ones() -> None:
    words = vocabulary.passphrase_words()
    assert len(words) == len(set(words)) == 4096
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in words)
    assert 6 * math.log2(len(words)) == 72


def test_no_list_of_words_holds_one_that_could_slight_anybody() -> None:
    slights = set(SLIGHTS.split())
    assert not slights & set(vocabulary.passphrase_words())
    assert not slights & {word.casefold() for word in vocabulary.pseudonyms()}
