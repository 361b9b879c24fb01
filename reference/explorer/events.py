"""What happens when a visitor does something: the page's controls in, updates of the page out."""

from __future__ import annotations

import shutil
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gradio as gr

from reference.datasets.pairs import embedded_pairs
from reference.errors import BadInput, ParfocalError
from reference.explorer.choice import Choice, chosen, default
from reference.explorer.layout import Page
from reference.explorer.session import Session, write_bundle
from reference.explorer.updates import Updates, message_update, of_choice, of_comparison, of_run
from reference.explorer.uploads import Limits, read_upload
from reference.explorer.wording import upload_label

__all__ = ["Events"]

OWN = ""  # the pair that is none of ours
IDLE = 3600  # seconds after which an unused session goes


class Events:
    """Connects the page with the sessions of its visitors.

    folder  where sessions have their files
    limits  of uploads
    """

    def __init__(self, page: Page, folder: Path, limits: Limits) -> None:
        self.page, self.folder, self.limits = page, folder, limits
        self.session = gr.State(None, time_to_live=IDLE, delete_callback=_forget)

    def connect(self, blocks: gr.Blocks) -> None:
        """Say what calls what."""
        page = self.page
        begin = [self.session, page.pair, page.method, page.preset]
        sliders = [self.session, page.method, *page.options.values()]
        self._on([blocks.load, page.pair.input, page.method.input, page.preset.input], self.begin, begin)
        for side, upload in page.uploads.items():
            arrived = [self.session, page.method, page.preset, upload]
            self._on([upload.upload], partial(self.upload, side), arrived, as_sent=True)
        self._on([option.input for option in page.options.values()], self.move, sliders, as_sent=True)
        self._on([page.before.input], self.compare, [self.session, page.before])
        bundled = self._on([page.zip_button.click], self.bundle, [self.session])
        bundled.success(None, js="() => document.querySelector('#zip-file').click()")

    def begin(self, session: Session | None, pair: str, method: str, preset: str) -> Updates:
        """A visitor comes, or chooses pair, method, or the parameters to begin with; leaving a list chooses nothing."""
        session = session or Session(Path(mkdtemp(dir=self.folder)))
        if (pair, method, preset) == session.asked:
            return {}
        if pair != session.pair:
            session.take_pair(next((one for one in embedded_pairs() if one.name == pair), None))
        return {self.session: session} | self._uploads(session) | self._from_the_start(session, method, preset)

    def upload(self, side: str, session: Session, method: str, preset: str, sent: dict[str, Any]) -> Updates:
        """A photograph arrives; what it is called stands above the place for the next one."""
        try:
            session.take(side, read_upload(Path(sent["path"]), self.limits, sent.get("orig_name")))
        except ParfocalError as error:
            return message_update(self.page, str(error), wrong=True) | self._uploads(session)
        return {self.page.pair: OWN} | self._uploads(session) | self._from_the_start(session, method, preset)

    def move(self, session: Session, method: str, *values: Any) -> Updates:
        """A slider moves; what was moved while the page began anew is shown."""
        given = dict(zip(self.page.options, values, strict=True))
        choice = chosen(method, given, session.sources.a.pixels.shape)
        updates = self._run(session, choice)
        began, session.began = session.began, False
        return self._sliders(session, choice) | updates if began else updates

    def compare(self, session: Session, before: str) -> Updates:
        """Another picture is to lie left of the line."""
        session.before = before
        return of_comparison(self.page, session)

    def bundle(self, session: Session) -> Updates:
        """Everything is to be taken along."""
        if session.finished is None:
            raise BadInput("nothing has been fused yet")
        path = session.folder / "steps.zip"
        write_bundle(session.finished, path)
        return {self.page.zip_file: gr.DownloadButton(value=str(path))}

    def _from_the_start(self, session: Session, method: str, preset: str) -> Updates:
        """With the parameters that the method begins with."""
        if session.missing:
            return message_update(self.page, f"Now drop photograph {' and photograph '.join(session.missing)}.")
        choice = default(method, preset, session.sources.a.pixels.shape)
        updates = self._sliders(session, choice) | self._run(session, choice)
        session.asked, session.began = (session.pair, method, preset), True
        return updates

    def _sliders(self, session: Session, choice: Choice) -> Updates:
        return of_choice(self.page, choice, session.sources.a.pixels.shape)

    def _uploads(self, session: Session) -> Updates:
        """Nothing lies there, as uploads are deleted when they have been read; the label says what was."""
        own = {} if session.pair else session.given
        names = {side: own[side].name if side in own else "" for side in self.page.uploads}
        return {
            self.page.uploads[side]: gr.File(value=None, label=upload_label(side, name)) for side, name in names.items()
        }

    def _as_it_was(self, session: Session) -> Updates:
        """The controls as they were for what the page shows."""
        finished = session.finished
        shown = of_choice(self.page, finished.choice, finished.values["fusion"].shape) if finished else {}
        method = {self.page.method: finished.choice.method} if finished else {}
        return {self.page.pair: session.pair} | method | shown

    def _run(self, session: Session, choice: Choice) -> Updates:
        bar = gr.Progress()
        finished = session.run(choice, lambda done, of: bar((done, of), desc="scoring focus"))
        return of_run(self.page, session, finished)

    def _on(
        self, triggers: Sequence[Any], function: Callable[..., Updates], inputs: list[Any], as_sent: bool = False
    ) -> Any:
        """One after the other for all visitors, as a fusion takes all cores; of a slider's moves the last counts.

        as_sent  what gradio would refuse in its own words, we judge
        """
        return gr.on(
            triggers,
            self._in_words(function),
            inputs,
            [self.session, *self.page.changing],
            show_progress="minimal",
            show_progress_on=[self.page.compared],
            trigger_mode="always_last",
            preprocess=not as_sent,
            concurrency_limit=1,
            concurrency_id="fusion",
            api_visibility="private",
        )

    def _in_words(self, function: Callable[..., Updates]) -> Callable[..., Updates]:
        """A complaint becomes a sentence on the page; all else stays as it is there."""

        def answered(*inputs: Any) -> Updates:
            session = inputs[0]
            if session is None and function != self.begin:
                return message_update(self.page, "This visit has ended: load the page again.", wrong=True)
            used = {self.session: session} if session else {}  # given back, it lives for another hour
            try:
                return used | function(*inputs)
            except (ParfocalError, ValueError) as error:
                return (
                    used
                    | message_update(self.page, str(error), wrong=True)
                    | (self._as_it_was(session) if session else {})
                )
            except Exception:
                traceback.print_exc(file=sys.stderr)
                return message_update(
                    self.page, "That should not have happened; the terminal tells what it was.", wrong=True
                )

        return answered


def _forget(session: Session | None) -> None:
    """Nothing of a visitor is kept."""
    if session:
        shutil.rmtree(session.folder, ignore_errors=True)
