"""Where things happen online, and the many names people give those places."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Platform(StrEnum):
    """A place online. A question of this type is understood by nickname and in spite of typing slips."""

    WHATSAPP = "whatsapp"
    SNAPCHAT = "snapchat"
    TIKTOK = "tiktok"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    YOUTUBE = "youtube"
    ROBLOX = "roblox"
    GAME_CHAT = "game_chat"
    TEXT = "text"
    SCHOOL_PAGE = "school_page"
    OTHER = "other"
    # Understood when typed
    X = "x"
    THREADS = "threads"
    BEREAL = "bereal"
    PINTEREST = "pinterest"
    REDDIT = "reddit"
    TELEGRAM = "telegram"
    SIGNAL = "signal"
    MESSENGER = "messenger"
    KIDS_MESSENGER = "kids_messenger"
    DISCORD = "discord"
    TWITCH = "twitch"
    MINECRAFT = "minecraft"
    FORTNITE = "fortnite"
    XBOX = "xbox"
    PLAYSTATION = "playstation"
    STEAM = "steam"
    CLASSROOM = "classroom"
    MEET = "meet"
    TEAMS = "teams"
    ZOOM = "zoom"
    EMAIL = "email"
    SCHOOL_MAIL = "school_mail"
    CALL = "call"


LABELS = MappingProxyType(
    {
        Platform.WHATSAPP: "WhatsApp",
        Platform.SNAPCHAT: "Snapchat",
        Platform.TIKTOK: "TikTok",
        Platform.INSTAGRAM: "Instagram",
        Platform.FACEBOOK: "Facebook",
        Platform.YOUTUBE: "YouTube",
        Platform.ROBLOX: "Roblox",
        Platform.GAME_CHAT: "Another game",
        Platform.TEXT: "Text message",
        Platform.SCHOOL_PAGE: "The school's page",
        Platform.OTHER: "Somewhere else",
        Platform.X: "X (Twitter)",
        Platform.THREADS: "Threads",
        Platform.BEREAL: "BeReal",
        Platform.PINTEREST: "Pinterest",
        Platform.REDDIT: "Reddit",
        Platform.TELEGRAM: "Telegram",
        Platform.SIGNAL: "Signal",
        Platform.MESSENGER: "Messenger",
        Platform.KIDS_MESSENGER: "Messenger Kids",
        Platform.DISCORD: "Discord",
        Platform.TWITCH: "Twitch",
        Platform.MINECRAFT: "Minecraft",
        Platform.FORTNITE: "Fortnite",
        Platform.XBOX: "Xbox",
        Platform.PLAYSTATION: "PlayStation",
        Platform.STEAM: "Steam",
        Platform.CLASSROOM: "Google Classroom",
        Platform.MEET: "Google Meet",
        Platform.TEAMS: "Microsoft Teams",
        Platform.ZOOM: "Zoom",
        Platform.EMAIL: "E-mail",
        Platform.SCHOOL_MAIL: "School e-mail",
        Platform.CALL: "Phone call",
    }
)

# Where most of what people tell a primary school happens. Every other place is understood when it is typed: three dozen
# buttons would be read by nobody, and some channels cannot show so many.
BUTTONS = (
    Platform.WHATSAPP, Platform.SNAPCHAT, Platform.TIKTOK, Platform.INSTAGRAM, Platform.FACEBOOK, Platform.YOUTUBE,
    Platform.ROBLOX, Platform.GAME_CHAT, Platform.TEXT, Platform.SCHOOL_PAGE, Platform.OTHER,
)  # fmt: skip

# What people say besides the name itself. Short nicknames are compared whole, never by likeness.
# fmt: off
NICKNAMES = MappingProxyType(
    {
        Platform.WHATSAPP: ("whats app", "wa", "wapp", "watsapp", "whatsapp group", "the class whatsapp", "the parents whatsapp"),
        Platform.SNAPCHAT: ("snap", "sc", "snapchat streak"),
        Platform.TIKTOK: ("tik tok", "tt", "musically"),
        Platform.INSTAGRAM: ("insta", "ig", "gram", "reels", "insta dms"),
        Platform.FACEBOOK: ("fb", "face book", "facebook group", "local facebook group"),
        Platform.YOUTUBE: ("yt", "you tube", "youtube kids", "youtube comments", "youtube shorts"),
        Platform.ROBLOX: ("roblox chat", "robux"),
        Platform.GAME_CHAT: (
            "game", "a game", "in a game", "online game", "game chat", "a game chat", "gaming", "voice chat", "fifa", "ea fc",
            "brawl stars", "among us", "nintendo", "switch", "nintendo switch", "clash of clans", "call of duty", "cod",
        ),
        Platform.TEXT: ("a text", "texts", "text messages", "sms", "imessage", "by text"),
        Platform.SCHOOL_PAGE: (
            "schools page", "the schools facebook page", "school facebook page", "the schools own page", "our page",
            "school website", "the school website", "the schools website", "school instagram", "the schools instagram",
        ),
        Platform.OTHER: ("somewhere else", "another app", "other app", "elsewhere", "something else", "another site", "a website"),
        Platform.X: ("twitter", "x twitter"),
        Platform.THREADS: ("threads app", "instagram threads"),
        Platform.BEREAL: ("be real",),
        Platform.PINTEREST: ("pintrest", "pinboard"),
        Platform.REDDIT: ("subreddit",),
        Platform.TELEGRAM: ("telegram group", "telegram channel"),
        Platform.SIGNAL: ("signal app", "signal group"),
        Platform.MESSENGER: ("facebook messenger", "fb messenger", "fb messages"),
        Platform.KIDS_MESSENGER: ("kids messenger", "messenger for kids", "facebook messenger kids"),
        Platform.DISCORD: ("discord server", "a discord server"),
        Platform.TWITCH: ("twitch stream", "twitch chat"),
        Platform.MINECRAFT: ("mine craft", "minecraft server", "minecraft chat"),
        Platform.FORTNITE: ("fortnight", "fort nite", "fortnite chat"),
        Platform.XBOX: ("x box", "xbox live", "xbox chat", "xbox party"),
        Platform.PLAYSTATION: ("play station", "ps4", "ps5", "psn", "playstation network", "playstation party"),
        Platform.STEAM: ("steam chat",),
        Platform.CLASSROOM: ("classroom", "the google classroom", "google class room"),
        Platform.MEET: ("google meets", "googlemeet", "a google meet"),
        Platform.TEAMS: ("ms teams", "teams", "teams chat", "teams call"),
        Platform.ZOOM: ("zoom call", "a zoom call"),
        Platform.EMAIL: ("mail", "an e mail", "an email", "emails", "gmail", "hotmail", "outlook"),
        Platform.SCHOOL_MAIL: ("school email", "school mail", "the school email", "my school email", "school emails"),
        Platform.CALL: ("call", "phone", "a phone call", "by phone", "video call", "facetime", "calls"),
    }
)
# fmt: on
