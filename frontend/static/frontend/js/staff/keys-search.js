// Finding something by what one types of its name. Pure.

/** Comparable letters: „Straße“, „Strasse“ and „strasse“ are one, „Müll“ is found by „mull“ and „muell“. */
export function fold(text) {
  return text
    .toLowerCase()
    .replace(/ß/g, "ss")
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
}

const unumlauted = (text) => text.replace(/([aou])e/g, "$1")

/** The `items` whose `words` hold every typed word, those that begin with it first. In their order otherwise. */
export function ranked(items, typed) {
  const wanted = fold(typed).split(/\s+/).filter(Boolean)
  if (!wanted.length) return [...items]
  return items
    .map((item) => [rank(fold(item.words), wanted), item])
    .filter(([points]) => points !== null)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item)
}

/** 0: begins with it; 1: a word does; 2: it is somewhere inside; null: not at all. */
function rank(words, wanted) {
  const points = wanted.map((word) => {
    for (const each of new Set([word, unumlauted(word)])) {
      if (words.startsWith(each)) return 0
      if (words.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(each))) return 1
      if (words.includes(each)) return 2
    }
    return null
  })
  return points.includes(null) ? null : Math.max(...points)
}

/** `7K3F9QMX` out of what looks like the number of a report, as people type it; "" otherwise. */
export function code(typed) {
  const letters = typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1")
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(letters) ? letters : ""
}
