"""Everyday words that the matcher's lexicon does not have, or knows for another kind.

What a word means in a text about one thing is one question (lostfound/matching); what somebody may
want to see who types it is a wider one: a pencil case may have been put down as school things, a
ball as a toy. With the English words, for the English pages.
"""

from __future__ import annotations

from lostfound.catalogue import Colour

KINDS: dict[str, str] = {
    "keys": "schlüsselanhänger key keys keyring",
    "car_key": "key keys carkey",
    "phone": "händi handyhülle",
    "tablet": "ebookreader",
    "laptop": "rechner pc",
    "camera": "camera",
    "memory": "datenträger",
    "electronics": """gerät elektrogerät drohne diktiergerät ebookreader ereader keyboard device
        charger""",
    "purse": "geldmappe geldsäckel billfold",
    "cash": "cash money",
    "backpack": "kraxe",
    "handbag": "handbag shopper bag",
    "bag": "turnbeutel sportbeutel shopper federmäppchen bag",
    "suitcase": "reisetasche gepäck suitcase luggage",
    "identity_paper": "licence license passport",
    "foreign_paper": "ausweis reisepass pass passport",
    "card": "card",
    "document": "geldmappe paper document",
    "jacket": "cape coat",
    "headwear": "hat cap scarf gloves",
    "clothing": "gürtel strickjacke krawatte fliege clothes trousers sweater shirt",
    "shoes": "flipflops slipper shoe shoes boots",
    "bicycle": "bicycle bike tandem laufrad dreirad",
    "ebike": "lastenrad bike",
    "scooter": "laufrad dreirad bobbycar skateboard longboard einrad waveboard scooter",
    "pram": "fahrradanhänger anhänger maxicosi pram stroller pushchair",
    "helmet": "helmet",
    "glasses": "etui glasses spectacles",
    "sunglasses": "glasses sunglasses",
    "hearing_aid": "hearingaid",
    "walking_aid": "wheelchair crutch stöcke",
    "jewellery": "anhänger jewellery jewelry ring necklace bracelet earring",
    "watch": "watch",
    "animal": "hase dog cat animal",
    "umbrella": "parapluie umbrella",
    "toy": "ball toy teddybear doll",
    "book": "mäppchen federmäppchen schlampermäppchen federmappe etui book",
    "sports": """sportgerät sportsachen inliner inlineskates rollschuhe schlittschuhe schwimmbrille
        taucherbrille stöcke sporttasche skates""",
    "instrument": "keyboard guitar flute",
    "tool": "taschenmesser wasserwaage tool",
    "medicine": "insulin insulinpen inhalator spritze medicine",
    "food": "food",
    "weapon": "weapon",
    "drugs": "drogen rauschgift drugs",
    "other": "decke handtuch zahnspange dose sonstiges bottle",
}
COLOURS: dict[str, str] = {
    Colour.GREY: "taupe",
    Colour.RED: "purpur",
    Colour.YELLOW: "ocker",
    Colour.SILVER: "edelstahl",
    Colour.GOLD: "messing",
    Colour.PATTERNED: "gemustert kariert gestreift geblümt gepunktet colourful colorful",
}
# Words of a question, not of an answer.
EMPTY = """
    verloren verlorene verlorener verlorenes gefunden gefundene suche suchen gesucht vermisst
    vermisse vermissen bitte marke farbe art lost found the an my of with and or have
"""
