"""Publishing a policy at the command line: what is shown, what is refused, what is kept, and what people asked in vain."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands._shared import opened, settings
from bot.schools import SHIPPED
from storage.kept import Asked, Recording
from storage.store import Store
from tests.terminal import done, signpost

OLD, NEW = (
    "Tell the headteacher about any friend or follow request",
    "Tell the headteacher within the hour of any friend or follow request",
)


class Folder:
    """A copy of Rosebrook's policy that somebody edits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        for name in ("policy.md", "topics.toml"):
            (path / name).write_text((SHIPPED / "rosebrook" / name).read_text(encoding="utf-8"), encoding="utf-8")

    def edit(self, old: str, new: str, name: str = "policy.md") -> None:
        """Change OLD, which has to be there, to NEW."""
        written = (self.path / name).read_text(encoding="utf-8")
        assert old in written
        (self.path / name).write_text(written.replace(old, new, 1), encoding="utf-8")

    def publish(self, *more: str, typed: str = "") -> str:
        """Publish it; what was printed."""
        return done("policy", "publish", str(self.path), *more, typed=typed)


@pytest.fixture
def folder(site: Path, tmp_path: Path) -> Folder:
    """The policy to be edited, at a Signpost that has been set up."""
    return Folder(tmp_path / "edited")


def with_store(work):
    """Do WORK with Rosebrook's store, as the bot would."""

    async def run():
        async with opened(settings(Path("signpost.toml")), make=True) as database:
            return await work(Store(database, "rosebrook"))

    return asyncio.run(run())


def live() -> int:
    """The number of the live version."""
    version = with_store(lambda store: store.policies.live())
    return version.number if version else 0


def test_the_first_version_takes_over_from_the_folder(folder: Folder) -> None:
    """Nothing says anything else, and still it is asked for: from now on the folder does not count."""
    told = folder.publish(typed="y\n")
    assert "No section says anything else than in the school's folder." in told
    assert "Version 1 is live" in told
    assert live() == 1


def test_what_would_change_is_shown_before_anything_is_asked(folder: Folder) -> None:
    """Added, removed and changed rules, word by word, without colours; a no changes nothing."""
    folder.publish("--yes")
    folder.edit(OLD, NEW)
    folder.edit('version = "2"', 'version = "3"')
    file = folder.path / "policy.md"
    file.write_text(file.read_text(encoding="utf-8").rstrip() + "\n- **Newer.** A new rule. {#13.z}\n", encoding="utf-8")
    said = signpost("policy", "publish", str(folder.path), typed="n\n")
    assert said.code == 2
    for line in (
        "Against version 1:",
        "~ version: 2 → 3",
        "Added (1)",
        "+ 13.z  Newer",
        "Changed (1)",
        "~ 6.2.e  A pupil or parent tries to add or follow you",
        "Nothing was published.",
    ):
        assert line in said.out + said.err
    assert re.search(r"\[-about-\]\{\+within the hour of\+\}", said.out)
    assert live() == 1


def test_the_same_policy_again_is_no_new_version(folder: Folder) -> None:
    """Whoever runs it twice sees that nothing happened."""
    folder.publish("--yes")
    assert "That is version 1, which is live already. Nothing was changed." in folder.publish("--yes")
    assert live() == 1


def test_a_route_that_would_point_to_nothing_refuses_it_with_file_and_key(folder: Folder) -> None:
    """Every such place at once: a report's card would quote a rule that is gone."""
    folder.publish("--yes")
    (folder.path / "topics.toml").unlink()
    written = (folder.path / "policy.md").read_text(encoding="utf-8")
    begins, rest = written.split("# About this document", 1)
    only = begins + '# Only this {#99 for="staff"}\n\nThis is all.\n'
    assert rest
    (folder.path / "policy.md").write_text(only, encoding="utf-8")
    said = signpost("policy", "publish", str(folder.path), "--yes")
    assert said.code == 2
    lines = said.err.splitlines()
    assert len(lines) > 10
    school_toml = re.escape(str(SHIPPED / "rosebrook" / "school.toml"))
    for line in lines:
        assert re.search(rf"{school_toml}: (routes\.\w+\.(ref|steps)|lint\.no_route): section \S+ is not in this policy\.", line)
    assert live() == 1


def test_a_topic_that_would_point_to_nothing_refuses_it_with_file_and_key(folder: Folder) -> None:
    """All topics that name the rule, not only the first."""
    folder.edit('{#6.2.e also="8.c"}', '{#6.2.x also="8.c"}')
    folder.edit('also="6.2.e"', 'also="6.2.x"')
    said = signpost("policy", "publish", str(folder.path), "--yes")
    topics = re.findall(r"topics\.toml: (\S+): 6\.2\.e is no rule of policy\.md\.", said.err)
    assert "friend-pupil-to-staff" in topics
    assert len(topics) > 2


def test_taking_the_table_of_topics_away_is_said(folder: Folder) -> None:
    """Answers get worse by it: nobody should find that out later."""
    folder.publish("--yes")
    (folder.path / "topics.toml").unlink()
    assert "There is no topics.toml beside it" in folder.publish("--yes")


def test_an_earlier_version_comes_back_as_one_more(folder: Folder) -> None:
    """Undo is a publication too: shown, asked, kept, in the audit."""
    folder.publish("--yes")
    folder.edit(OLD, NEW)
    assert "`signpost policy publish --back 1 --school rosebrook` undoes it." in folder.publish("--yes")
    told = done("policy", "publish", "--back", "1", "--yes")
    assert "Against version 2:" in told
    assert "Version 3 is live" in told
    listed = done("policy", "history")
    assert re.findall(r"^ *(\d+) .*?(live, brings back 1|live|)\s*$", listed, re.MULTILINE) == [
        ("3", "live, brings back 1"),
        ("2", ""),
        ("1", ""),
    ]
    assert done("audit", "log").count("policy published") == 3
    assert "whole, 3 links" in done("audit", "verify")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--back", "7"], "There is no version 7. Published so far: 1."),
        ([], "Name the Markdown file to publish, or say --back"),
        (["elsewhere.md"], "elsewhere.md: there is no such file."),
        (["POLICY", "--back", "1"], "Name the Markdown file to publish, or say --back"),
        (["POLICY", "--by", "Nobody"], "Nobody goes by that."),
    ],
)
def test_what_cannot_be_published_is_said_with_a_remedy(folder: Folder, args: list[str], said: str) -> None:
    """And nothing is."""
    folder.publish("--yes")
    folder.edit(OLD, NEW)
    answer = signpost("policy", "publish", *[str(folder.path) if arg == "POLICY" else arg for arg in args], "--yes")
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert live() == 1


def test_who_published_is_in_the_history(folder: Folder) -> None:
    """A person of the school where one is named, and otherwise whoever may use the command line."""
    done("people", "add", "The lead", "--role", "dsl")
    folder.publish("--yes")
    folder.edit(OLD, NEW)
    folder.publish("--yes", "--by", "the lead")
    listed = done("policy", "history")
    assert re.search(r"^ *2 .*The lead", listed, re.MULTILINE)
    assert re.search(r"^ *1 .*the command line", listed, re.MULTILINE)


def test_what_a_version_said_can_be_read_for_ever(folder: Folder) -> None:
    """An answer names its number: with it, its section is found as it was; or the whole, to be edited again."""
    folder.publish("--yes")
    folder.edit(OLD, NEW)
    folder.publish("--yes")
    then, now = (done("policy", "history", "--number", number, "--section", "6.2.e") for number in "12")
    assert OLD in then
    assert "version 1 here, live from" in then
    assert NEW in now
    assert done("policy", "history", "--number", "1") == (SHIPPED / "rosebrook" / "policy.md").read_text(encoding="utf-8")
    assert "has no section 6.2.ee. Did you mean" in signpost("policy", "history", "-n", "1", "--section", "6.2.ee").err
    assert "There is no version 9." in signpost("policy", "history", "-n", "9").err
    assert "Say with --number" in signpost("policy", "history", "--section", "8").err


def test_a_backup_brings_the_versions_and_the_questions_back(folder: Folder, tmp_path: Path) -> None:
    """Past answers stay explainable after the machine is gone."""
    folder.publish("--yes")
    asked("no", words="may the dog come?")
    done("backup", str(tmp_path / "kept.zip"))
    for file in Path("signpost-data").glob("signpost.db*"):
        file.unlink()
    done("restore", str(tmp_path / "kept.zip"))
    assert OLD in done("policy", "history", "--number", "1", "--section", "6.2.e")
    assert "may the dog come?" in done("policy", "unanswered")


def test_ask_and_check_go_by_the_live_version(folder: Folder) -> None:
    """Like the bot; and check says when the folder and what is live have grown apart."""
    folder.publish("--yes")
    assert "version 1 of the policy is live." in signpost("check").out
    folder.edit(OLD, NEW)
    folder.publish("--yes")
    assert "version 2 of the policy is live, and policy.md says something else" in signpost("check").out
    told = json.loads(done("ask", "--audience", "staff", "--json", "A pupil or parent tries to add or follow you"))
    assert any(NEW in section["text"] for section in told["sections"])


def asked(band: str, *, days: int = 0, **more: object) -> None:
    """Somebody asked, so many days ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    question = Asked("parent", band, refs=("8.c",), **more)
    with_store(lambda store: store.record(Recording(at, asked=question), timedelta(seconds=60)))


def test_what_was_asked_in_vain_is_listed_with_words_only_where_agreed(folder: Folder) -> None:
    """When, by whom in general, from which version; nobody is named."""
    asked("no")
    asked("maybe", words="may the dog come?", version=2)
    asked("yes", helpful=False)
    asked("yes", helpful=True)
    asked("no", days=40)
    told = done("policy", "unanswered")
    assert "1 not answered, 1 answered with a choice; 1 answers said to be right, 1 not. The words of 1 were passed on." in told
    assert len(re.findall(r"parent", told)) == 3
    assert told.count("(not passed on)") == 2
    assert "may the dog come?" in told
    assert "2 not answered" in done("policy", "unanswered", "--days", "60")
    plain = json.loads(done("policy", "unanswered", "--json"))
    assert [(one["band"], one["helpful"], one["words"]) for one in plain] == [
        ("yes", False, None),
        ("maybe", None, "may the dog come?"),
        ("no", None, None),
    ]


def test_a_school_where_nothing_was_asked_in_vain_is_told_so(folder: Folder) -> None:
    """And one that published nothing, too."""
    done("people", "add", "The lead", "--role", "dsl")
    assert done("policy", "unanswered") == "Nothing was asked in vain in the last 30 days.\n"
    assert "Nothing was published yet" in done("policy", "history")
