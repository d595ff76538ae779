// Carries the reports that wait on this device to the server: photos first, then the form. Whatever
// may be sent twice, may: the server takes each id once.

import { photoVerdictOf, verdictOf } from "#js/offline/verdict.js"

// The server forgets a photo that no report has named for 24 hours.
const STAGED_MS = 20 * 3600 * 1000

export class Courier {
  #shelf
  #post
  #now
  #tell

  /**
   * `shelf`: where they wait (shelf.js or memory.js). `post`: { report, photo } as in post.js.
   * `tell` hears { id, kind } before and after each delivery.
   */
  constructor({ shelf, post, now = Date.now, tell = () => {} }) {
    this.#shelf = shelf
    this.#post = post
    this.#now = now
    this.#tell = tell
  }

  /** Send whatever is due, the oldest first. Says whether the network was lost meanwhile. */
  async round() {
    const waiting = (await this.#shelf.all()).filter(({ state }) => state === "waiting")
    for (const { id } of waiting.sort((one, other) => one.at - other.at)) {
      const verdict = await this.deliver(id)
      if (verdict.kind === "lost") return { isLost: true }
    }
    return { isLost: false }
  }

  /** Try one report. "none": it waits no more, or it was told to wait longer. */
  async deliver(id) {
    const report = await this.#shelf.get(id)
    if (report?.state !== "waiting" || report.notBefore > this.#now()) return { kind: "none" }
    this.#tell({ id, kind: "sending" })
    let verdict = await this.#carry(report)
    if (verdict.kind === "photos") {
      await this.#unstage(id)
      verdict = await this.#carry(await this.#shelf.get(id))
    }
    await this.#note(id, verdict)
    this.#tell({ id, kind: verdict.kind })
    return verdict
  }

  async #carry(report) {
    for (const photo of report.photos) {
      const verdict = await this.#bring(photo, report)
      if (verdict && verdict.kind !== "sent") return verdict
    }
    const fields = [...report.fields, ...report.photos.map(({ id }) => ["photos", id])]
    return verdictOf(await this.#post.report(report.door, { fields, language: report.language }))
  }

  /** Null where there is nothing to do: it lies ready there, or this device never had it. */
  async #bring(photo, report) {
    if (photo.stagedAt && photo.stagedAt > this.#now() - STAGED_MS) return null
    const blob = await this.#shelf.photo(photo.id)
    if (!blob) return null
    const sent = { id: photo.id, blob, language: report.language }
    const verdict = photoVerdictOf(await this.#post.photo(report.photoDoor, sent))
    if (verdict.kind === "sent") await this.#staged(report.id, photo.id)
    return verdict
  }

  #staged(id, photoId) {
    const stagedAt = this.#now()
    return this.#shelf.change(id, (report) => ({
      photos: report.photos.map((each) => (each.id === photoId ? { ...each, stagedAt } : each)),
    }))
  }

  #unstage(id) {
    return this.#shelf.change(id, (report) => ({
      photos: report.photos.map((each) => ({ ...each, stagedAt: 0 })),
    }))
  }

  async #note(id, verdict) {
    if (verdict.kind === "sent") {
      await this.#shelf.clear(id, { state: "sent", receipt: verdict.receipt, at: this.#now() })
    } else if (verdict.kind === "later") {
      const notBefore = this.#now() + verdict.wait * 1000
      await this.#shelf.change(id, () => ({ notBefore }))
    } else if (verdict.kind !== "lost") {
      const { sentences, status } = verdict
      const refused = { state: "refused", sentences, status: status ?? 422 }
      await this.#shelf.change(id, (report) => (report.state === "waiting" ? refused : {}))
    } else {
      await this.#shelf.change(id, ({ tries }) => ({ tries: (tries ?? 0) + 1 }))
    }
  }
}
