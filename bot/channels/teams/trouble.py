"""What stands between the bot and Teams, for whoever sets it up: it signs in and fetches the keys, and sends nothing."""

from __future__ import annotations

import httpx

from bot.channel import Misconfigured, SendFailed
from bot.channels.teams.keys import Keys, NoKeys
from bot.channels.teams.login import Login, Unclear
from bot.config import Config
from bot.config.teams import secret_of


async def trouble(config: Config) -> str:
    """The first thing that is in the way; empty where nothing is."""
    async with httpx.AsyncClient() as http:
        try:
            await Login(config.teams, secret_of(config), http).token()
            await Keys(config.teams.keys).of("", http)
        except (Misconfigured, SendFailed, Unclear) as found:
            return str(found)
        except NoKeys:
            return f"teams.keys: {config.teams.keys} cannot be fetched, and without it nobody can be let in. Let the bot reach it."
    return ""
