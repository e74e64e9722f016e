"""Where things happen online, and the many names people give those places."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Platform(StrEnum):
    """A place online. A question of this type is understood by nickname and in spite of typing slips."""

    INSTAGRAM = "instagram"
    SNAPCHAT = "snapchat"
    WHATSAPP = "whatsapp"
    TIKTOK = "tiktok"
    FACEBOOK = "facebook"
    ROBLOX = "roblox"
    DISCORD = "discord"
    YOUTUBE = "youtube"
    X = "x"
    OTHER = "other"


LABELS = MappingProxyType(
    {
        Platform.INSTAGRAM: "Instagram",
        Platform.SNAPCHAT: "Snapchat",
        Platform.WHATSAPP: "WhatsApp",
        Platform.TIKTOK: "TikTok",
        Platform.FACEBOOK: "Facebook",
        Platform.ROBLOX: "Roblox",
        Platform.DISCORD: "Discord",
        Platform.YOUTUBE: "YouTube",
        Platform.X: "X (Twitter)",
        Platform.OTHER: "Somewhere else",
    }
)

# What people say besides the name itself. Short nicknames are compared whole, never by likeness.
NICKNAMES = MappingProxyType(
    {
        Platform.INSTAGRAM: ("insta", "ig", "gram", "reels"),
        Platform.SNAPCHAT: ("snap", "sc", "snapchat streak"),
        Platform.WHATSAPP: ("whats app", "wa", "wapp", "watsapp"),
        Platform.TIKTOK: ("tik tok", "tt", "musically"),
        Platform.FACEBOOK: ("fb", "face book", "messenger", "facebook messenger"),
        Platform.ROBLOX: ("roblox chat", "robux"),
        Platform.DISCORD: ("discord server",),
        Platform.YOUTUBE: ("yt", "you tube", "youtube kids"),
        Platform.X: ("twitter", "x twitter"),
        Platform.OTHER: ("somewhere else", "another app", "other app", "elsewhere", "something else", "text message", "email"),
    }
)
