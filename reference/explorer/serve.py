"""The explorer as a local server, which only this machine can reach."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from reference.errors import BadInput
from reference.explorer.choice import METHODS
from reference.explorer.session import scorer
from reference.explorer.uploads import Limits
from reference.pipeline import fuse

HOST = "127.0.0.1"
NAMES = [HOST, "localhost"]
VISITS = 16  # sessions that are kept, at 120 to 320 MB each; the oldest is dropped first
DAY, PAUSE = 86_400, 0.05  # seconds
# Read when gradio is imported, so that nothing about the use of the page leaves the machine.
QUIET = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def serve(port: int | None, limits: Limits, show: bool, ready: Any = print) -> None:
    """Serve the page until interrupted; uploads and pictures lie in a folder that is deleted at the end.

    port    None for a free one from 7860 on
    raises  BadInput for a port that is taken
    """
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    if port is not None:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except OSError as error:
                raise BadInput(f"port {port} cannot be had ({error.strerror}): choose another with --port") from error
    os.environ.update(QUIET)
    for name in ("no_proxy", "NO_PROXY"):  # gradio connects to its own server
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), HOST, "localhost"]))
    for name in ("all_proxy", "ALL_PROXY"):  # of SOCKS, which gradio's client cannot use
        os.environ.pop(name, None)
    for name in ("SIGTERM", "SIGHUP"):  # end as by Ctrl-C, so that the folder is deleted
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    with TemporaryDirectory(prefix="parfocal-explore-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = str(Path(folder) / "uploads")
        blocks, style = page(Path(folder), limits)
        nothing = np.zeros((32, 32))
        fuse(nothing, nothing, scorer(METHODS[0]))  # loads the network, for which the first visitor would wait
        between = [Middleware(TrustedHostMiddleware, allowed_hosts=NAMES), Middleware(OwnPages)]
        try:
            _, address, _ = blocks.launch(
                server_name=HOST, server_port=port, inbrowser=show, quiet=True, prevent_thread_lock=True,
                max_file_size=f"{limits.megabytes}mb", state_session_capacity=VISITS, footer_links=[], share=False,
                allowed_paths=[folder], ssr_mode=False, enable_monitoring=False,
                app_kwargs={"middleware": between},
                **style,
            )  # fmt: skip
        except OSError as error:
            raise BadInput(f"no port can be had from 7860 to 7959: choose one with --port ({error})") from error
        # Every millisecond, as gradio looks for work, would take a twentieth of a core.
        blocks._queue.sleep_when_free = blocks._queue.progress_update_sleep_when_free = PAUSE
        ready(address)
        blocks.block_thread()


class OwnPages:
    """Refuses requests from other sites in the same browser."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on requests without origin, such as downloads, or with this server as origin."""
        from starlette.responses import PlainTextResponse

        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
        origin = headers.get(b"origin")
        foreign = scope["type"] == "http" and origin and urlsplit(origin).netloc != headers.get(b"host")
        answer = PlainTextResponse("another site may not use this one", 403) if foreign else self.app
        await answer(scope, receive, send)


def page(folder: Path, limits: Limits) -> tuple[Any, dict[str, Any]]:
    """The connected page, and its style."""
    import gradio as gr

    from reference.explorer.events import Events
    from reference.explorer.layout import build

    theme = gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    style = {"theme": theme, "css_paths": Path(__file__).with_name("page.css")}
    # In seconds: pictures are checked every hour, and deleted after a day.
    with gr.Blocks(title="Parfocal", fill_width=True, analytics_enabled=False, delete_cache=(3600, DAY)) as blocks:
        Events(build(), folder, limits).connect(blocks)
    return blocks, style
