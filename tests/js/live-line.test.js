import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { Line } from "#js/live-line.js"

const TILE = "tile:12/2145/1391"
const CURSOR = "e:10:10:"

class World {
  now = 0
  sockets = []
  timers = []
  frames = []

  tools = {
    open: () => this.#socket(),
    later: (ms, action) => {
      const timer = { at: this.now + ms, action }
      this.timers.push(timer)
      return () => (this.timers = this.timers.filter((each) => each !== timer))
    },
    soon: (action) => this.frames.push(action),
    now: () => this.now,
    random: () => 0.5,
  }

  #socket() {
    const socket = {
      said: [],
      isClosed: false,
      send: (text) => socket.said.push(JSON.parse(text)),
      close: () => (socket.isClosed = true),
      hear: (message) => socket.onmessage({ data: JSON.stringify(message) }),
    }
    this.sockets.push(socket)
    return socket
  }

  get socket() {
    return this.sockets.at(-1)
  }

  /** Let time pass; due timers run in order. */
  async pass(ms) {
    const end = this.now + ms
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.now = next.at
      this.timers = this.timers.filter((each) => each !== next)
      next.action()
    }
    this.now = end
    await Promise.resolve()
  }

  frame() {
    for (const action of this.frames.splice(0)) action()
  }
}

let world, line, heard, states
const listen = (topics = [TILE], more = {}) =>
  line.subscribe(topics, {
    cursor: CURSOR,
    onMessage: (message) => heard.push(message),
    onState: (state) => states.push(state),
    ...more,
  })

async function live() {
  await Promise.resolve()
  world.socket.onopen({})
  const { topics } = world.socket.said.at(-1)
  world.socket.hear({ kind: "ready", topics, refused: [], cursor: "e:20:20:" })
}

beforeEach(() => {
  world = new World()
  line = new Line(world.tools)
  heard = []
  states = []
})

test("listeners that start together share one socket and one question", async () => {
  listen([TILE])
  listen(["report:7K3F9QMX"])
  await live()
  assert.equal(world.sockets.length, 1)
  assert.deepEqual(world.socket.said, [
    { type: "subscribe", topics: [TILE, "report:7K3F9QMX"], cursor: CURSOR },
  ])
  assert.equal(states.at(-1), "live")
})

test("messages are handed over on the next frame, of each thing the newest", async () => {
  listen()
  await live()
  world.socket.hear({ kind: "report", code: "A", version: 1 })
  world.socket.hear({ kind: "report", code: "A", version: 2 })
  assert.deepEqual(heard, [])
  world.frame()
  assert.deepEqual(heard, [{ kind: "report", code: "A", version: 2 }])
})

test("a lost connection comes back after 1, 2, 5, 15, 30 and 30 seconds", async () => {
  listen()
  await live()
  for (const seconds of [1, 2, 5, 15, 30, 30]) {
    const before = world.sockets.length
    world.socket.onclose({ code: 1006 })
    assert.equal(states.at(-1), "offline")
    await world.pass(seconds * 1000 - 1)
    assert.equal(world.sockets.length, before)
    await world.pass(1)
    assert.equal(world.sockets.length, before + 1)
  }
})

test("after a loss it asks from the newest cursor of the server's beat", async () => {
  listen()
  await live()
  world.socket.hear({ kind: "cursor", cursor: "e:30:30:" })
  world.socket.onclose({ code: 1012 })
  await world.pass(1_000)
  world.socket.onopen({})
  assert.deepEqual(world.socket.said, [{ type: "subscribe", topics: [TILE], cursor: "e:30:30:" }])
})

test("a ping without a pong in ten seconds closes the connection", async () => {
  listen()
  await live()
  await world.pass(20_000)
  assert.deepEqual(world.socket.said.at(-1), { type: "ping" })
  world.socket.hear({ kind: "pong" })
  await world.pass(10_000)
  assert.equal(states.at(-1), "live")
  await world.pass(20_000)
  assert.equal(states.at(-1), "offline")
  assert.ok(world.sockets[0].isClosed)
})

test("a server that is silent about its database for three beats is left", async () => {
  listen()
  await live()
  for (let at = 0; at < 100; at += 20) {
    await world.pass(20_000)
    world.socket.hear({ kind: "pong" })
  }
  assert.ok(world.sockets[0].isClosed)
})

test("a handshake that hangs is given up", async () => {
  listen()
  await Promise.resolve()
  await world.pass(10_000)
  assert.ok(world.sockets[0].isClosed)
  assert.equal(states.at(-1), "offline")
})

test("resync asks again what was missed", async () => {
  listen()
  await live()
  world.socket.hear({ kind: "resync" })
  await world.pass(2_000)
  assert.deepEqual(world.socket.said.at(-1), { type: "subscribe", topics: [TILE], cursor: "e:20:20:" })
})

test("a beat between resync and the asking hides nothing that was missed", async () => {
  listen()
  await live()
  world.socket.hear({ kind: "resync" })
  world.socket.hear({ kind: "cursor", cursor: "e:90:90:" })
  await world.pass(2_000)
  assert.deepEqual(world.socket.said.at(-1), { type: "subscribe", topics: [TILE], cursor: "e:20:20:" })
})

test("too much missed: the listener reads everything anew", async () => {
  let read = 0
  listen([TILE], { onResync: () => (read += 1) })
  await live()
  world.socket.hear({ kind: "reload", topics: [TILE] })
  assert.equal(read, 1)
  assert.equal(states.at(-1), "live")
})

test("reading anew again and again is held back", async () => {
  let read = 0
  listen([TILE], { onResync: () => (read += 1) })
  await live()
  await world.pass(10_000)
  for (let times = 0; times < 3; times += 1) world.socket.hear({ kind: "reload", topics: [TILE] })
  assert.equal(read, 1)
  await world.pass(5_000)
  assert.equal(read, 2)
  await world.pass(60_000)
  assert.equal(read, 2)
})

test("a page that can't read anew says that it is stale", async () => {
  listen()
  await live()
  world.socket.hear({ kind: "reload", topics: [TILE] })
  assert.equal(states.at(-1), "stale")
})

test("a closed topic makes the page stale and is not asked for again", async () => {
  listen(["staff:06431002"])
  listen([TILE])
  await live()
  world.socket.hear({ kind: "closed", topics: ["staff:06431002"] })
  assert.equal(states.at(-1), "stale")
  world.socket.onclose({ code: 1006 })
  await world.pass(1_000)
  world.socket.onopen({})
  assert.deepEqual(world.socket.said[0].topics, [TILE])
})

test("a page put aside lets go of its socket and asks again when it is shown", async () => {
  listen()
  await live()
  world.socket.hear({ kind: "report", code: "A", version: 1 })
  line.rest()
  assert.ok(world.sockets[0].isClosed)
  assert.equal(heard.length, 1)
  await world.pass(60_000)
  assert.equal(world.sockets.length, 1)
  line.wake()
  await live()
  assert.equal(world.sockets.length, 2)
})

test("word of a network connects at once", async () => {
  listen()
  await live()
  world.socket.onclose({ code: 1006 })
  line.check()
  assert.equal(world.sockets.length, 2)
})

test("the last listener to leave hangs up; a topic that is still wanted stays", async () => {
  const first = listen()
  const second = listen([TILE, "report:A"])
  await live()
  second()
  assert.deepEqual(world.socket.said.at(-1), { type: "unsubscribe", topics: ["report:A"] })
  first()
  assert.ok(world.socket.isClosed)
})

test("a listener that fails keeps nobody else from hearing", async (t) => {
  t.mock.method(console, "error", () => {})
  listen([TILE], {
    onMessage() {
      throw new Error("broken")
    },
  })
  listen()
  await live()
  world.socket.hear({ kind: "report", code: "A", version: 1 })
  world.frame()
  assert.equal(heard.length, 1)
})

test("nonsense from the server is ignored", async () => {
  listen()
  await live()
  for (const data of ["", "null", "[", "7"]) world.socket.onmessage({ data })
  world.frame()
  assert.deepEqual(heard, [])
})
