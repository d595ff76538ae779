// Completing the filter language: which word stands before the cursor, and what may become of it.
// Pure, no DOM.

const fold = (word) =>
  word.toLowerCase().replaceAll("ä", "ae").replaceAll("ö", "oe").replaceAll("ü", "ue").replaceAll("ß", "ss")
const quoted = (word) => (/[\s,]/.test(word) ? `"${word}"` : word)
const MOST = 9

/** The piece that is being typed: from where it begins to the cursor, a minus aside. */
export function pieceAt(text, cursor) {
  const before = text.slice(0, cursor)
  let [start, isQuoted] = [0, false]
  for (const [index, sign] of [...before].entries()) {
    if (sign === '"') isQuoted = !isQuoted
    else if (/\s/.test(sign) && !isQuoted) start = index + 1
  }
  if (before[start] === "-") start += 1
  return { start, typed: before.slice(start) }
}

/**
 * Lines to choose from: `{insert, words, label}`. `keys`: `{key, label, also, values: [[value, label]]}`.
 * Where the piece has no colon these are keys, else the values of its key.
 */
export function suggestions(keys, typed) {
  const colon = typed.indexOf(":")
  if (colon < 0) return typed ? someKeys(keys, fold(typed)) : []
  const key = keys.find(({ key, also }) => [key, ...also].some((word) => fold(word) === fold(typed.slice(0, colon))))
  return key ? someValues(key, typed.slice(colon + 1)) : []
}

function someKeys(keys, said) {
  const begin = (words) => words.some((word) => fold(word).startsWith(said))
  return keys
    .filter(({ key, also, label }) => begin([key, ...also, label]))
    .map(({ key, label }) => ({ insert: `${key}:`, words: `${key}:`, label }))
    .slice(0, MOST)
}

/** After a comma the next value begins; what stands before it stays. */
function someValues({ key, values }, typed) {
  const comma = typed.lastIndexOf(",")
  const kept = typed.slice(0, comma + 1)
  const said = fold(typed.slice(comma + 1).replaceAll('"', ""))
  const fits = ([value, label]) => [value, label].some((word) => fold(word).includes(said))
  const begins = ([value, label]) => [value, label].some((word) => fold(word).startsWith(said))
  return values
    .filter(fits)
    .sort((one, other) => begins(other) - begins(one))
    .slice(0, MOST)
    .map(([value, label]) => ({ insert: `${key}:${kept}${quoted(value)} `, words: value, label: fold(label) === fold(value) ? "" : label }))
}

/** The text with this line put in place of the piece, and where the cursor stands then. */
export function completed(text, cursor, { start }, insert) {
  const rest = text.slice(cursor)
  const end = insert.endsWith(" ") && rest.startsWith(" ") ? rest.slice(1) : rest
  return { text: text.slice(0, start) + insert + end, cursor: start + insert.length }
}

/** The query string with another part of the map; null: with none. */
export function withBox(query, box) {
  const asked = new URLSearchParams(query)
  const rest = (asked.get("q") ?? "").replace(/(^|\s)karte:\S+/g, " ").trim()
  const part = box ? `karte:${box.map((side) => side.toFixed(5)).join(",")}` : ""
  const text = [rest, part].filter(Boolean).join(" ")
  if (text) asked.set("q", text)
  else asked.delete("q")
  asked.delete("nach")
  return asked.toString()
}
