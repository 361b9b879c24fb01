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

from reference.errors import BadInput, ParfocalError
from reference.explorer.bundle import write_bundle
from reference.explorer.choice import Choice, default
from reference.explorer.layout import Page
from reference.explorer.session import Session
from reference.explorer.updates import Updates, of_comparison, of_run, of_sliders, said
from reference.explorer.uploads import Limits, read_upload
from reference.samples import embedded_pairs
from reference.step_files import step_number
from reference.step_texts import STEP_TEXTS

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
        chosen = [self.session, page.method, *page.options.values()]
        self._on([blocks.load, page.pair.input, page.method.input, page.preset.input], self.begin, begin)
        for side, upload in page.uploads.items():
            self._on([upload.upload], partial(self.upload, side), [self.session, page.method, page.preset, upload])
        self._on([option.input for option in page.options.values()], self.move, chosen)
        self._on([page.before.input], self.compare, [self.session, page.before])
        bundled = self._on([page.zip_button.click], self.bundle, [self.session])
        bundled.success(None, js="() => document.querySelector('#zip-file').click()")

    def begin(self, session: Session | None, pair: str, method: str, preset: str) -> Updates:
        """A visitor comes, or chooses a pair, a method, or the parameters to begin with."""
        session = session or Session(Path(mkdtemp(dir=self.folder)))
        emptied = {}
        if pair != session.pair:
            session.take_pair(next((one for one in embedded_pairs() if one.name == pair), None))
            emptied = dict.fromkeys(self.page.uploads.values())
        return {self.session: session} | emptied | self._from_the_start(session, method, preset)

    def upload(self, side: str, session: Session, method: str, preset: str, path: str) -> Updates:
        """A photograph arrives."""
        try:
            session.take(side, read_upload(Path(path), self.limits))
        except ParfocalError as error:
            return said(self.page, str(error), wrong=True) | {self.page.uploads[side]: None}
        return {self.page.pair: OWN} | self._from_the_start(session, method, preset)

    def move(self, session: Session, method: str, *values: Any) -> Updates:
        """A slider moves; what cannot be goes back, and what was moved while the page began anew is shown."""
        try:
            choice = _choice(method, self.page, values)
            updates = self._run(session, choice)
        except (ParfocalError, ValueError) as error:
            last = self._sliders(session, session.finished.choice) if session.finished else {}
            return last | said(self.page, str(error), wrong=True)
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
            return said(self.page, f"Now drop photograph {' and photograph '.join(session.missing)}.")
        choice = default(method, preset, session.sources.image_a.shape)
        updates = self._sliders(session, choice) | self._run(session, choice)
        session.began = True
        return updates

    def _sliders(self, session: Session, choice: Choice) -> Updates:
        return of_sliders(self.page, choice, session.sources.image_a.shape)

    def _run(self, session: Session, choice: Choice) -> Updates:
        progress = gr.Progress()

        def trace(name: str, value: Any) -> None:
            number = step_number(name)
            progress((number, len(STEP_TEXTS)), desc=f"step {number} of {len(STEP_TEXTS)}")

        return of_run(self.page, session, session.run(choice, trace))

    def _on(self, triggers: Sequence[Any], function: Callable[..., Updates], inputs: list[Any]) -> Any:
        """One after the other for all visitors, as a fusion takes all cores; of a slider's moves the last counts."""
        return gr.on(
            triggers,
            self._in_words(function),
            inputs,
            [self.session, *self.page.changing],
            show_progress="minimal",
            show_progress_on=[self.page.compared],
            trigger_mode="always_last",
            concurrency_limit=1,
            concurrency_id="fusion",
            api_visibility="private",
        )

    def _in_words(self, function: Callable[..., Updates]) -> Callable[..., Updates]:
        """A complaint becomes a sentence on the page; all else stays as it is there."""

        def answered(*inputs: Any) -> Updates:
            session = inputs[0]
            if session is None and function != self.begin:
                return said(self.page, "This visit has ended: load the page again.", wrong=True)
            used = {self.session: session} if session else {}  # given back, it lives for another hour
            try:
                return used | function(*inputs)
            except (ParfocalError, ValueError) as error:
                own = {self.page.pair: session.pair} if session else {}
                return used | said(self.page, str(error), wrong=True) | own
            except Exception:
                traceback.print_exc(file=sys.stderr)
                return said(self.page, "That should not have happened; the terminal tells what it was.", wrong=True)

        return answered


def _choice(method: str, page: Page, values: Sequence[Any]) -> Choice:
    given = dict(zip(page.options, values, strict=True))
    if missing := [option for option, value in given.items() if value is None]:
        raise BadInput(f"{missing[0]} has no value")
    return Choice(
        method,
        int(given["pool-window"]),
        float(given["pool-p"]),
        given["pool-side"],
        int(given["area"]),
        int(given["radius"]),
        float(given["eps"]),
    )


def _forget(session: Session | None) -> None:
    """Nothing of a visitor is kept."""
    if session:
        shutil.rmtree(session.folder, ignore_errors=True)
