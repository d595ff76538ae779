// The steps of the form on a narrow screen. Pure: no document, no history.

/** The step that an address names by its end, "/melden/…/ort" or "/melden#ort"; else the first. */
export function stepOf({ pathname = "", hash = "" }, steps) {
  const names = [hash.replace(/^#/, ""), pathname.split("/").at(-1)]
  return names.find((name) => steps.includes(name)) ?? steps[0]
}

/** The step `by` places on (1) or back (-1) among those that are not left out; null at the ends. */
export function beside(step, by, steps, isLeftOut = () => false) {
  let at = steps.indexOf(step) + by
  while (steps[at] !== undefined && isLeftOut(steps[at])) at += by
  return steps[at] ?? null
}

/** The step that the server's answer leads to: the end of its address, "/melden/…/was" or "#was". */
export function stepIn(address, steps) {
  const name = address.split(/[/#]/).at(-1)
  return steps.includes(name) ? name : null
}

/** The address of another step of the form that is kept under this one; "" while none is kept. */
export function addressOf(step, pathname, steps) {
  const [last, ...before] = pathname.split("/").reverse()
  return steps.includes(last) ? [step, ...before].reverse().join("/") : ""
}
