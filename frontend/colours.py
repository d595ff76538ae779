"""A town's one colour, made readable (WCAG 2: 4.5 to 1) wherever it is used for words."""

from __future__ import annotations

from dataclasses import dataclass

READABLE = 4.5


@dataclass(frozen=True)
class Colour:
    """sRGB, 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Colour:
        """`1a3da5` or `#1a3da5`. Raises ValueError."""
        value = int(text.removeprefix("#"), 16)
        return cls(value >> 16 & 255, value >> 8 & 255, value & 255)

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """0 black, 1 white."""
        red, green, blue = (_linear(part / 255) for part in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(self, other: Colour) -> float:
        """1 (the same) to 21 (black on white)."""
        dark, light = sorted((self.luminance, other.luminance))
        return (light + 0.05) / (dark + 0.05)

    def towards(self, other: Colour, share: float) -> Colour:
        def mixed(own: int, others: int) -> int:
            return round(own + (others - own) * share)

        return Colour(
            mixed(self.red, other.red),
            mixed(self.green, other.green),
            mixed(self.blue, other.blue),
        )

    def readable_on(self, ground: Colour) -> Colour:
        """This colour, or the nearest shade of it that can be read on `ground`."""
        far_end = Colour(0, 0, 0) if ground.luminance > 0.18 else Colour(255, 255, 255)
        shades = (self.towards(far_end, step / 20) for step in range(21))
        return next(shade for shade in shades if shade.contrast(ground) >= READABLE)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
