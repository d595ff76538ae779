"""Brands that many people own: the only words of an intake that everybody may read.

What staff type into the field "brand" may hold more than a brand: a model, a number, the name in a
jacket. So the public reads one of these, in this spelling, or none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_NAMES = """
Abus, Acer, Adidas, AirPods, Alpina, Apple, Armani, Asics, Asus, Audi, Babolat, Barbour, Beats,
Benetton, Bergamont, Birkenstock, Blackberry, BMW, Bogner, Bosch, Bose, Boss, Bree,
Brunotti, BTWIN, Bugatti, Bulls, Burberry, Burton, Calvin Klein, Camel Active, Campagnolo,
Cannondale, Canon, Canyon, Carhartt, Cartier, Casio, Centurion, Certina, Chanel, Chicco, Chloé,
Citizen, Clarks, Converse, Corratec, Crocs, Cube, Cybex, Dakine, Daniel Wellington, Decathlon,
Dell, Desigual, Deuter, DeWalt, Diesel, Dior, Doc Martens, Doppler, Eastpak, Ecco, Eddie
Bauer, Einhell, Ergobag, Esprit, Falke, Fender, Fendi, Festool, Fielmann, Fila, Fitbit,
Fjällräven, Ford, Fossil, Fujifilm, Furla, G-Star, Gabor, Galaxy, Gardena, Garmin, Gazelle, Geox,
Ghost, Giant, Gibson, Giorgio Armani, Giro, Globetrotter, Google, GoPro, Gucci, Gudereit, Guess,
H&M, Haglöfs, Haibike, Hama, Hamax, Hercules, Hermès, Hilti, Hohner, Hollister, Honor, HP, HTC,
Huawei, Hugo Boss, Icepeak, Ikea, Invicta, iPad, iPhone, Jabra, Jack & Jones, Jack Wolfskin, JBL,
Joop, Kalkhoff, Kappa, Karrimor, KED, Kettler, Kindle, Kipling, Knirps, Kona, KTM, Lacoste, Lamy,
Lancaster, Lego, Lenovo, Levi's, LG, Liebeskind, Longchamp, Longines, Louis Vuitton, Lowa, Lowe
Alpine, Lumix, MacBook, Makita, Mammut, Mandarina Duck, Marc O'Polo, Maxi-Cosi, McKinley, McNeill,
Meindl, Mercedes, Merida, Metabo, Michael Kors, Microsoft, Mifa, Montblanc, Motorola, Mustang,
Naketano, New Balance, New Era, Nike, Nikon, Ninebot, Nintendo, Nokia, North Face, O'Neill,
Oakley, Odlo, Olympus, Omega, OnePlus, Opel, Oppo, Ortlieb, Osprey, Oticon, Panasonic, Pandora,
Patagonia, Peak Performance, Pegasus, Pelikan, Pentax, Pepe Jeans, Persol, Philips, Phonak,
Pinarello, Pixel, Playmobil, PlayStation, Polar, Porsche Design, Prada, Primark, Prophete, Puky,
Puma, Quechua, Quiksilver, Raleigh, Ralph Lauren, Ray-Ban, Realme, Reebok, Regatta, Renault, Riese
& Müller, Rimowa, Rixe, Rodenstock, Rolex, Roxy, s.Oliver, Salewa, Salomon, Samsonite, Samsung,
SanDisk, Satch, Saucony, Schleich, Schöffel, Scott, Segway, Seiko, Sennheiser, Shimano,
Siemens, Sigikid, Sigma, Signia, Skagen, Skechers, Skoda, Skullcandy, Sony, Specialized, Steiff,
Step by Step, Stihl, Strellson, Superdry, Swarovski, Swatch, Tamaris, Tatonka, Tchibo, The North
Face, Thule, Timberland, Timex, Tissot, Tom Tailor, Tommy Hilfiger, Toshiba, Tous, Toyota, Trek,
Triumph, Under Armour, Uniqlo, Uvex, VanMoof, Vans, Vaude, Vero Moda, Victorinox, Volkswagen,
Wellensteyn, Wenger, Widex, Winora, Woom, Wrangler, Würth, Xiaomi, Yamaha, Yonex, Zalando, Zara,
Zündapp
"""
_SIGNS = re.compile(r"[^a-z0-9]+")


def coarse_brand(text: str) -> str:
    """The known brand in the text: of several the longest, then the first. "" where there is none.

    Whole words only, without regard to capitals, accents and signs: "fjallraven Kånken 16 l" is
    Fjällräven, "ray ban" Ray-Ban.
    """
    words = text.split()
    found = [brand_at(words, start) for start in range(len(words))]
    return max(found, key=lambda hit: hit[1], default=("", 0))[0]


def brand_at(words: Sequence[str], start: int) -> tuple[str, int]:
    """The brand that begins with this word, and of how many words it is; ("", 0) for none."""
    for length in range(min(LONGEST, len(words) - start), 0, -1):
        if name := _KNOWN.get(_flat("".join(words[start : start + length]))):
            return name, length
    return "", 0


def _flat(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKD", text.lower()))


_KNOWN: dict[str, str] = {_flat(name): name.strip() for name in _NAMES.split(",")}
LONGEST = max(len(name.split()) for name in _KNOWN.values()) + 1  # „Ray Ban“, „O Neill“

# For the counter's field, which proposes them.
ALL: tuple[str, ...] = tuple(sorted(set(_KNOWN.values()), key=str.casefold))
