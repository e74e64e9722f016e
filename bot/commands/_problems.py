"""What a person at the command line reads when something goes wrong: one line, what to do about it, and no traceback."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from bot import logs

# Exceptions whose own message was written for the person who reads it. Named, not imported: most commands load few of them.
MEANT_FOR_PEOPLE = frozenset(
    {
        "bot.channel.Misconfigured",
        "bot.commands._shared.Refused",
        "bot.config.model.ConfigError",
        "bot.host.PortTaken",
        "bot.keys.NoKey",
        "bot.publishing.CannotPublish",
        "bot.schools.SchoolError",
        "flows.cases.case.NotPossible",
        "flows.catalogue.UnknownFlow",
        "flows.declared.FlowError",
        "knowledge.importing.document.CannotImport",
        "knowledge.encoder.ModelMissing",
        "knowledge.policy.PolicyError",
        "knowledge.risk.RiskDataMissing",
        "storage.backup.CannotBackUp",
        "storage.backup.CannotRestore",
        "storage.kept.Unknown",
        "storage.keyring.BadKeyring",
        "storage.schema.SchemaNewer",
        "storage.sheet.BadSheet",
        "storage.store.people.PlaceTaken",
        "storage.store.policies.PolicyChanged",
        "storage.store.roles.NotByThem",
        "storage.vault.CannotOpen",
    }
)
# Libraries' exceptions, whose messages may quote values, in our own words.
IN_OUR_WORDS = {
    "sqlalchemy.exc.OperationalError": (
        "The database cannot be opened or does not answer. See that it runs, and that `database` and `data_folder` are right."
    ),
    "sqlalchemy.exc.DatabaseError": "The database is damaged or is not one. Restore a backup: `signpost restore FILE`.",
}


def explain(error: Exception, *, debug: bool) -> None:
    """Say on stderr what went wrong; with DEBUG also where in the code, without any value."""
    out = Console(stderr=True, highlight=False, soft_wrap=True)
    for line in sentence(error).splitlines():
        out.print(f"[bold red]✗[/] {escape(line)}")
    if debug:
        out.print(escape(f"  {logs.types(error)}"))
        for place in logs.places(error):
            out.print(escape(f"    {place}"))


def sentence(error: Exception) -> str:
    """What went wrong, in words that quote nothing anybody wrote."""
    if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        return sentence(error.exceptions[0])  # a task group that failed for one reason
    kinds = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__]
    if not MEANT_FOR_PEOPLE.isdisjoint(kinds):
        return str(error)
    if ours := next((IN_OUR_WORDS[kind] for kind in kinds if kind in IN_OUR_WORDS), None):
        return ours
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    places = logs.places(error)
    where = f" at {places[-1]}" if places else ""
    return f"Something failed that nobody expected: {logs.types(error)}{where}. `signpost --debug …` shows the way there."
