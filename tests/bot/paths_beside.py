"""What the registry of paths leaves out, and why: nothing stands here that gives a person anything of a case they may not see."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_WHY = {
    "It knows no case: it reads policies, settings, people or the bank of phrases.": """
        command ask, command show, command init, command run, command upgrade, command check
        command eval intents, command eval questions, command eval risk, command eval sections
        command policy history, command policy import, command policy publish
        command people add, command people link, command people remove, command poster, command deploy teams
        read People.by_place, read Invites.by_key, read Invites.find, read Invites.verified
        read Proving.code, read Proving.waiting
        read Policies.history, read Policies.live, read Policies.publish, read Policies.version
        read Questions.counts, read Questions.in_vain
        work live_policies, work live_versions, loop editions, loop keys
    """,
    "It is for whoever has the machine and the key, and could copy everything: it says no reference, no event, no word.": """
        command audit head, command audit log, command audit verify, command key rotate, command key sheet
        command backup, command restore
        read Chain.head, read Chain.links, read Chain.verify
        route /status, route /health, route /metrics, work lag, work waits, loop heartbeat
    """,
    "It is a stage on which one person plays everybody, and where nothing is real.": """
        route /rehearsal/again, route /rehearsal/clock, route /rehearsal/state, work latest
    """,
    "It is one more channel: it says what the outbox hands to every channel, and hears what the same handlers decide about.": """
        command chat, loop channels, route /slack/events, route /teams/messages, route telegram/channel.py {ROUTE}/{bot:int}
    """,
    "It writes, or moves what waits, and gives nothing back to anybody.": """
        read Chain.append, read Chain.purge, read Inbox.keep, read Conversations.release, read Conversations.renew
        read Keeping.due, read Keeping.purge, read Keeping.forget_messages, read Keeping.forget_questions, loop nights
        read People.add, read People.away, read People.give_role, read People.link, read People.take_role, read People.unlink
        work again, work elsewhere, work finish_many, work put_off, work renew, work undeliverable, work next_idle
        work claim_conversations
        read News.shown
    """,
    "It carries no words to anybody: it says when, under which lease, through what, or what the chain keeps.": """
        recording at, recording lease, recording message, recording quiet, recording down, recording acts
        recording codes, work is_ours
    """,
    "It is given to whoever sent the report, in the conversation it was sent from, and to nobody else.": """
        summary seen, summary update, read Reports.own, read Reports.climbs, read Reports.due
        recording news_to, read News.tell, loop news
    """,
    "It is the door itself: what comes through it is registered name by name.": """
        store seen_by
    """,
}  # fmt: skip

# By name, why it is left out.
BESIDE: Mapping[str, str] = MappingProxyType(
    {name.strip(): why for why, lines in _WHY.items() for line in lines.splitlines() for name in line.split(",") if name.strip()}
)
