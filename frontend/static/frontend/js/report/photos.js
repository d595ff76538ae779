// <photo-picker>: photos are made small, shown, and sent while the rest is filled in. What it holds,
// the form keeps on the device (js/offline/keeper.js) and gives back to it after a reload.

import { HEAD, positionIn, takenIn } from "#js/report/exif.js"
import { shrink } from "#js/report/shrink.js"
import { newId, Refused, upload } from "#js/report/upload.js"

const PAUSES = [1000, 3000, 8000]

class PhotoPicker extends HTMLElement {
  /** By id: { id, blob, row, state: "sending" | "ready" | "lost" | "refused", stagedAt, stop }. */
  #photos = new Map()

  connectedCallback() {
    this.plain = this.querySelector("#part-photos")
    this.list = this.querySelector("[data-photo-list]")
    this.#adopt()
    const isHandheld = matchMedia("(pointer: coarse)").matches
    this.querySelector("[data-camera]").hidden = !isHandheld
    this.querySelector("[data-photo-drop]").hidden = isHandheld
    this.addEventListener("change", (event) => this.#picked(event))
    this.addEventListener("click", (event) => this.#pressed(event))
    this.addEventListener("dragover", (event) => this.#hover(event, true))
    this.addEventListener("dragleave", (event) => this.#hover(event, false))
    this.addEventListener("drop", (event) => this.#dropped(event))
  }

  disconnectedCallback() {
    for (const photo of this.#photos.values()) photo.stop.abort()
  }

  get count() {
    return [...this.#photos.values()].filter((photo) => photo.state !== "refused").length
  }

  /** Wait until nothing is on its way; returns the photos that could not be sent, to go along. */
  async settled() {
    await Promise.all([...this.#photos.values()].map((photo) => photo.sending))
    return [...this.#photos.values()].filter((photo) => photo.state === "lost")
  }

  /** Wait until every photo is small; on their way they may still be. */
  async prepared() {
    await Promise.all([...this.#photos.values()].map((photo) => photo.preparing))
  }

  /** What is to be remembered of the photos, in their order: id, size, when the server had it. */
  kept() {
    return this.#usable().map(({ id, blob, stagedAt = 0 }) => ({ id, size: blob?.size ?? 0, stagedAt }))
  }

  /** Id → the small photo, of those that this device has. */
  blobs() {
    return new Map(this.#usable().filter(({ blob }) => blob).map(({ id, blob }) => [id, blob]))
  }

  #usable() {
    return [...this.#photos.values()].filter(({ state }) => state !== "refused")
  }

  /** Take back what was remembered; a photo without `blob` must lie at the server. */
  restore(photos) {
    for (const { id, blob, stagedAt } of photos) {
      if (this.#photos.has(id)) continue
      const photo = { id, blob, stagedAt, row: this.#row(id), state: "ready", stop: new AbortController() }
      this.#photos.set(id, photo)
      this.list.append(photo.row)
      if (blob) this.#picture(photo)
      if (blob && !stagedAt) photo.sending = this.#send(photo)
      else this.#show(photo)
    }
    this.#tell(false)
  }

  /** Another picture in the place of `id`, such as one in which something was hidden. */
  replace(id, blob) {
    const before = this.#photos.get(id)
    if (!before) return
    before.stop.abort()
    const photo = { ...before, id: newId(), blob, stagedAt: 0, stop: new AbortController() }
    photo.row.dataset.photo = photo.id
    const inOrder = [...this.#photos].map(([key, each]) => (key === id ? [photo.id, photo] : [key, each]))
    this.#photos = new Map(inOrder)
    this.#picture(photo)
    photo.sending = this.#send(photo)
  }

  /** The picker takes over the list that the server has rendered, and hides the plain input. */
  #adopt() {
    for (const item of this.plain.querySelectorAll(".photo-list > li")) {
      const id = item.querySelector("input").value
      const row = this.#row(id)
      const known = item.querySelector("img") // of a report that was sent already
      if (known) row.querySelector("img").src = known.src
      this.list.append(row)
      this.#photos.set(id, { id, row, state: "ready", stop: new AbortController() })
      this.#show(this.#photos.get(id))
    }
    this.plain.querySelector(".photo-list")?.remove()
    const add = this.plain.querySelector("[data-photo-add]")
    if (add) add.hidden = true
  }

  #picked(event) {
    if (!event.target.matches("[data-capture], [data-gallery]")) return
    event.stopPropagation()
    this.#take([...event.target.files])
    event.target.value = ""
  }

  #hover(event, isOver) {
    if (![...event.dataTransfer.types].includes("Files")) return
    event.preventDefault()
    this.toggleAttribute("data-over", isOver)
  }

  #dropped(event) {
    event.preventDefault()
    this.removeAttribute("data-over")
    this.#take([...event.dataTransfer.files])
  }

  #take(files) {
    const room = Number(this.dataset.most) - this.#photos.size
    for (const file of files.slice(0, room)) this.#add(file)
    if (files.length > room) this.#say(this.dataset.wordsFull)
    this.#tell(files.length > 0 && room > 0)
  }

  #add(file) {
    const id = newId()
    const photo = { id, row: this.#row(id), state: "sending", stop: new AbortController() }
    this.#photos.set(id, photo)
    this.list.append(photo.row)
    photo.preparing = this.#prepare(photo, file)
    photo.sending = photo.preparing.then(() => this.#send(photo))
  }

  async #prepare(photo, file) {
    this.#show(photo)
    Object.assign(photo, await notesOf(file))
    photo.blob = await shrink(file)
    this.#picture(photo)
    this.#tell(false)
  }

  #picture({ row, blob }) {
    const picture = row.querySelector("img")
    if (picture.src.startsWith("blob:")) URL.revokeObjectURL(picture.src)
    picture.onload = () => this.#tell(false)
    picture.onerror = () => row.classList.add("unseen")
    picture.src = URL.createObjectURL(blob)
  }

  /** Tries by itself a few times; afterwards the photo says that it can be tried again. */
  async #send(photo) {
    for (const pause of [0, ...PAUSES]) {
      if (pause) await new Promise((resolve) => setTimeout(resolve, pause))
      if (photo.stop.signal.aborted) return
      photo.state = "sending"
      this.#show(photo, 0)
      try {
        const told = await upload(this.dataset.url, {
          id: photo.id,
          blob: photo.blob,
          onProgress: (percent) => this.#show(photo, percent),
          signal: photo.stop.signal,
        })
        photo.state = "ready"
        photo.stagedAt = Date.now()
        photo.position ??= told
        break
      } catch (error) {
        if (error.name === "AbortError") return
        photo.state = error instanceof Refused ? "refused" : "lost"
        photo.sentence = error instanceof Refused ? error.message : ""
        if (error instanceof Refused) break
      }
    }
    this.#show(photo)
    this.#tell(false)
  }

  #pressed(event) {
    const row = event.target.closest("[data-photo]")
    const photo = row && this.#photos.get(row.dataset.photo)
    if (!photo) return
    if (event.target.closest("[data-remove]")) this.#remove(photo)
    if (event.target.closest("[data-retry]")) photo.sending = this.#send(photo)
  }

  #remove(photo) {
    photo.stop.abort()
    this.#photos.delete(photo.id)
    const picture = photo.row.querySelector("img")
    if (picture.src.startsWith("blob:")) URL.revokeObjectURL(picture.src)
    photo.row.remove()
    this.querySelector("[data-gallery]").focus()
    this.#renumber()
    this.#tell(false)
  }

  #row(id) {
    const row = this.querySelector("[data-photo-template]").content.firstElementChild.cloneNode(true)
    row.dataset.photo = id
    return row
  }

  #show(photo, percent = 0) {
    const { row, state } = photo
    const isReady = state === "ready"
    const wentWrong = state === "lost" || state === "refused"
    const field = row.querySelector("input")
    field.value = photo.id
    field.disabled = !isReady
    row.dataset.state = state
    row.classList.toggle("unseen", isReady && !row.querySelector("img").hasAttribute("src"))
    const bar = row.querySelector("progress")
    bar.hidden = state !== "sending"
    bar.value = percent
    row.querySelector("[data-retry]").hidden = state !== "lost"
    const error = row.querySelector("[data-photo-error]")
    error.hidden = !wentWrong
    if (wentWrong) error.lastElementChild.textContent = this.#sentence(photo)
    this.#renumber()
    if (isReady || wentWrong) this.#say(row.querySelector("[data-photo-name]").textContent)
  }

  #sentence({ state, sentence }) {
    if (state === "lost") return this.dataset.wordsLost
    return sentence || this.dataset.wordsRefused
  }

  #renumber() {
    let n = 0
    for (const photo of this.#photos.values()) {
      n += 1
      const words = photo.state === "ready" ? this.dataset.wordsDone : this.dataset.wordsLoading
      const wentWrong = photo.state === "lost" || photo.state === "refused"
      const name = wentWrong ? this.dataset.wordsName : words
      photo.row.querySelector("[data-photo-name]").textContent = name.replace("{n}", n)
      const bar = photo.row.querySelector("progress")
      bar.setAttribute("aria-label", name.replace("{n}", n))
      photo.row.querySelector("[data-remove-n]").textContent = ` ${n}`
    }
    const isFull = this.#photos.size >= Number(this.dataset.most)
    this.querySelector("[data-photo-tools]").hidden = isFull
  }

  #say(sentence) {
    this.querySelector("[data-photo-state]").textContent = sentence
  }

  #tell(isNew) {
    const pictures = [...this.#photos.values()].map((photo) => photo.row.querySelector("img").src)
    const telling = [...this.#photos.values()].find((photo) => photo.position || photo.taken)
    const { position = null, taken = null } = telling ?? {}
    const detail = { count: this.count, isNew, position, taken, pictures: pictures.filter(Boolean) }
    this.dispatchEvent(new CustomEvent("photos:changed", { bubbles: true, detail }))
  }
}

/** Phones often leave it out of what they hand to a page. */
async function notesOf(file) {
  try {
    const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer())
    return { position: positionIn(head), taken: takenIn(head) }
  } catch {
    return {} // the file can't be read any more; the upload will say so
  }
}

customElements.define("photo-picker", PhotoPicker)
