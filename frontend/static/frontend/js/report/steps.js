// Which step of the form is shown on a narrow screen. Pure: no document, no history.

/** The step that an address such as "#ort" names, else the first. */
export function stepOf(hash, steps) {
  const name = hash.replace(/^#/, "")
  return steps.includes(name) ? name : steps[0]
}

export function nextOf(step, steps) {
  return steps[steps.indexOf(step) + 1] ?? null
}

/** "Schritt {n} von {all}" with its numbers. */
export function stepText(pattern, step, steps) {
  return pattern.replace("{n}", steps.indexOf(step) + 1).replace("{all}", steps.length)
}
