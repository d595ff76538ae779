// Finding a category by everyday words. Pure.

const FOLDED = { ä: "a", ö: "o", ü: "u", ß: "ss" }

/** Lower case, without umlauts and accents; "ae" and "ä" meet. */
export function fold(text) {
  return text
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => FOLDED[letter])
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/([aou])e/g, "$1")
}

/** Whether every word of the query begins or stands inside some word of the text. */
export function matches(text, query) {
  const folded = fold(text)
  return fold(query)
    .split(/\s+/)
    .every((word) => folded.includes(word))
}
