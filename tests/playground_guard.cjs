// Loaded into Microsoft's stand-in for Teams before anything of its own: it may talk to this machine and be talked to from it.
// Whoever else it tries to reach is written down in the file GUARDED, for the test to fail on, and is not reached.
"use strict";
const dgram = require("node:dgram");
const dns = require("node:dns");
const fs = require("node:fs");
const net = require("node:net");

const HERE = /^(localhost|127\.\d+\.\d+\.\d+|::1|)$/;
const away = (host) => {
  if (HERE.test(host ?? "")) return null;
  fs.appendFileSync(process.env.GUARDED, `${host}\n`);
  return Object.assign(new Error("only this machine may be reached"), { code: "ECONNREFUSED" });
};

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(...given) {
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const host = first !== null && typeof first === "object" ? first.host : typeof second === "string" ? second : "";
  const refused = away(host);
  return refused ? this.destroy(refused) : connect.apply(this, given);
};

const lookup = dns.lookup;
dns.lookup = (host, ...rest) => {
  const refused = away(host);
  if (!refused) return lookup(host, ...rest);
  process.nextTick(rest.at(-1), refused);
};

dgram.Socket.prototype.send = (...given) => away(given.find((each) => typeof each === "string" && each.includes(".")) ?? "elsewhere");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function here(...given) {
  if (typeof given[0] === "number" && typeof given[1] !== "string") given.splice(1, 0, "127.0.0.1");
  return listen.apply(this, given);
};
