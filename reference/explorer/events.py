"""The events of the page: from the values of its controls to updates of the page."""

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
from reference.explorer import layout
from reference.explorer.choice import Choice, checked_choice, default
from reference.explorer.layout import Page, Updates
from reference.explorer.session import Session, write_bundle
from reference.explorer.uploads import Limits, read_upload
from reference.explorer.wording import upload_label

OWN = ""  # name of the pair of the visitor's own photographs
IDLE = 3600  # seconds after which an unused session is deleted


class Events:
    """Connects the page with the sessions of its visitors, whose files lie in `folder`."""

    def __init__(self, page: Page, folder: Path, limits: Limits) -> None:
        self.page, self.folder, self.limits = page, folder, limits
        self.session = gr.State(None, time_to_live=IDLE, delete_callback=_forget)

    def connect(self, blocks: gr.Blocks) -> None:
        """Connect the controls with the methods below."""
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
        """A visitor arrives, or chooses a pair, a method or initial parameters; closing a list changes nothing."""
        session = session or Session(Path(mkdtemp(dir=self.folder)))
        if (pair, method, preset) == session.selection:
            return {}
        if pair != session.pair:
            session.take_pair(next((embedded for embedded in embedded_pairs() if embedded.name == pair), None))
        return {self.session: session} | self._uploads(session) | self._from_the_start(session, method, preset)

    def upload(self, side: str, session: Session, method: str, preset: str, sent: dict[str, Any]) -> Updates:
        """A photograph is uploaded; its name is shown above the field for the next one."""
        path, name, within = Path(sent["path"]), sent.get("orig_name"), self.folder / "uploads"
        try:
            session.take(side, read_upload(path, self.limits, name, within))
        except ParfocalError as error:
            return layout.message_update(self.page, str(error), wrong=True) | self._uploads(session)
        return {self.page.pair: OWN} | self._uploads(session) | self._from_the_start(session, method, preset)

    def move(self, session: Session, method: str, *values: Any) -> Updates:
        """A slider is moved; one that was moved while the page restarted is set again."""
        settings = dict(zip(self.page.options, values, strict=True))
        choice = checked_choice(method, settings, session.sources.a.pixels.shape)
        updates = self._run(session, choice)
        just_started, session.just_started = session.just_started, False
        return self._sliders(session, choice) | updates if just_started else updates

    def compare(self, session: Session, before: str) -> Updates:
        """Another picture is chosen for the comparison."""
        session.before = before
        return layout.comparison_updates(self.page, session)

    def bundle(self, session: Session) -> Updates:
        """The zip of the run is requested."""
        if session.finished is None:
            raise BadInput("nothing has been fused yet")
        path = session.folder / "steps.zip"
        write_bundle(session.finished, path)
        return {self.page.zip_file: gr.DownloadButton(value=str(path))}

    def _from_the_start(self, session: Session, method: str, preset: str) -> Updates:
        """Run with the initial parameters of the method."""
        if session.missing:
            session.forget()
            missing = f"Now drop photograph {' and photograph '.join(session.missing)}."
            return layout.empty_updates(self.page) | layout.message_update(self.page, missing)
        choice = default(method, preset, session.sources.a.pixels.shape)
        updates = self._sliders(session, choice) | self._run(session, choice)
        session.selection, session.just_started = (session.pair, method, preset), True
        return updates

    def _sliders(self, session: Session, choice: Choice) -> Updates:
        return layout.choice_updates(self.page, choice, session.sources.a.pixels.shape)

    def _uploads(self, session: Session) -> Updates:
        """Empty upload fields, since uploads are deleted once read; their labels name the photographs."""
        own = {} if session.pair else session.photographs
        labels = {side: upload_label(side, own[side].name if side in own else "") for side in self.page.uploads}
        return {self.page.uploads[side]: gr.File(value=None, label=label) for side, label in labels.items()}

    def _as_it_was(self, session: Session) -> Updates:
        """The controls as they were for the run that the page shows."""
        shown: Updates = {self.page.pair: session.pair}
        if finished := session.finished:
            shown |= {self.page.method: finished.choice.method}
            shown |= layout.choice_updates(self.page, finished.choice, finished.values["fusion"].shape)
        return shown

    def _run(self, session: Session, choice: Choice) -> Updates:
        bar = gr.Progress()
        finished = session.run(choice, lambda done, of: bar((done, of), desc="scoring focus"))
        return layout.run_updates(self.page, session, finished)

    def _on(
        self, triggers: Sequence[Any], function: Callable[..., Updates], inputs: list[Any], as_sent: bool = False
    ) -> Any:
        """Connect triggers with a function. Calls run one at a time, as a fusion takes all cores; the last move counts.

        as_sent  pass values unchecked, since gradio would refuse some in its own words
        """
        queue: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "fusion", "trigger_mode": "always_last"}
        progress: dict[str, Any] = {"show_progress": "minimal", "show_progress_on": [self.page.compared]}
        answered, outputs = self._in_words(function), [self.session, *self.page.changing]
        settings = {**queue, **progress, "preprocess": not as_sent, "api_visibility": "private"}
        return gr.on(triggers, answered, inputs, outputs, **settings)

    def _in_words(self, function: Callable[..., Updates]) -> Callable[..., Updates]:
        """Show an error as a sentence on the page, and leave the rest of the page unchanged."""

        def answered(*inputs: Any) -> Updates:
            session = inputs[0]
            if session is None and function != self.begin:
                return layout.message_update(self.page, "This visit has ended: load the page again.", wrong=True)
            used = {self.session: session} if session else {}  # returning it extends its life by an hour
            try:
                return used | function(*inputs)
            except (ParfocalError, ValueError) as error:
                unchanged = self._as_it_was(session) if session else {}
                return used | layout.message_update(self.page, str(error), wrong=True) | unchanged
            except Exception:
                traceback.print_exc(file=sys.stderr)
                sentence = "That should not have happened; the terminal tells what it was."
                return layout.message_update(self.page, sentence, wrong=True)

        return answered


def _forget(session: Session | None) -> None:
    """Delete all files of a visitor."""
    if session:
        shutil.rmtree(session.folder, ignore_errors=True)
