// What a reader says about a report travels by plain forms. Added here: photos are made small before
// they leave, a device's answer counts once, and the right question shows when the status changes.

import { shrink } from "#js/report/shrink.js"

const SHELF = "augenmerk.answer."

/** The same answer from the same device has the same UUID, so pressing again counts nothing. */
function rememberAnswers(root) {
  for (const form of root.querySelectorAll("form[data-once]")) {
    const field = form.elements.client_id
    const known = read(SHELF + form.dataset.once)
    if (known && form.dataset.once.endsWith(".fixed")) field.value = known
    form.addEventListener("submit", () => write(SHELF + form.dataset.once, field.value))
  }
}

function read(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // the browser keeps nothing for us
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // as above: then each press counts
  }
}

async function makeSmall(input) {
  const most = Number(input.dataset.most)
  const box = new DataTransfer()
  for (const file of [...input.files].slice(0, most)) {
    const copy = await shrink(file)
    box.items.add(copy === file ? file : new File([copy], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }))
  }
  input.files = box.files
}

/** A form that is sent while its photos are still being made small waits for them. */
function shrinkPhotos(root) {
  for (const input of root.querySelectorAll("input[type=file][data-shrink]")) {
    let work = null
    input.addEventListener("change", () => {
      const mine = makeSmall(input)
        .catch(() => {}) // then they travel as they are
        .finally(() => work === mine && (work = null))
      work = mine
    })
    input.form.addEventListener("submit", (event) => {
      if (!work) return
      event.preventDefault()
      work.then(() => input.form.requestSubmit(event.submitter))
    })
  }
}

/** Whether something is fixed is asked when it is said to be; the rest of the time one can add. */
function followStatus(report) {
  report.addEventListener("report:patched", () => {
    const { status } = report.querySelector("#part-status").dataset
    for (const piece of report.querySelectorAll("[data-when]")) {
      if (piece.closest("live-state")) continue
      const isAsked = piece.dataset.when.split(" ").includes(status)
      if (isAsked === piece.hidden && !piece.contains(document.activeElement)) piece.hidden = !isAsked
    }
  })
}

rememberAnswers(document)
shrinkPhotos(document)
for (const report of document.querySelectorAll("live-report")) followStatus(report)
document.querySelector("#dank")?.focus()
