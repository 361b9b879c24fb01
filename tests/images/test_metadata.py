"""What a photograph says besides its pixels: orientation is applied, the rest carried; many photographs in one file."""

from __future__ import annotations

import json
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, ImageOps
from PIL.TiffImagePlugin import IFDRational

from reference.images.files import read_image, read_photograph, turned_upright, write_image, write_stored
from reference.images.metadata import NONE, Metadata, read_metadata
from tests.images.shared import damage, is_read_as, later, opened, refused, saved, tiff_of, tiff_of_pages, with_chunks

SUFFIXES = (".jpg", ".png", ".tif")
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GRAY_ICC = ICC[:16] + b"GRAY" + ICC[20:]
LEVELS = np.random.default_rng(0).integers(0, 256, (40, 60), np.uint8)
EXIF_DIRECTORY, GPS_DIRECTORY = 0x8769, 0x8825
SHUTTER, LENS, WIDTH, HEIGHT, LATITUDE, MAKER_NOTE = 0x829A, 0xA434, 0xA002, 0xA003, 2, 0x927C


def camera_exif(orientation=1):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x8298], exif[0x0112] = "Maker", "Model 1", "J. Doe", orientation
    shutter = IFDRational(1, 125)
    exif[EXIF_DIRECTORY] = {SHUTTER: shutter, LENS: "50 mm", WIDTH: 9999, HEIGHT: 9999, MAKER_NOTE: b"secret"}
    exif[GPS_DIRECTORY] = {1: "N", LATITUDE: (60.0, 10.0, 30.0)}
    return exif


def photograph(path, levels, orientation=1):
    icc = ICC if levels.ndim == 3 else GRAY_ICC
    return saved(path, levels, exif=camera_exif(orientation).tobytes(), icc_profile=icc, dpi=(300, 200))


def pair(folder, suffix, orientation=1):
    named = zip("ab", np.random.default_rng(0).integers(0, 256, (2, 40, 60, 3), np.uint8), strict=True)
    return [photograph(folder / f"{name}{suffix}", levels, orientation) for name, levels in named]


def says(path):
    """What Pillow, and tifffile for the kinds of TIFF that Pillow does not know, find in a file."""
    if path.suffix == ".tif":
        with tifffile.TiffFile(path) as tiff:
            main = {tag.code: tag.value for tag in tiff.pages.first.tags}
        exif = {tifffile.TIFF.EXIF_TAGS[name]: value for name, value in main[EXIF_DIRECTORY].items()}
        gps, icc = {tifffile.TIFF.GPS_TAGS[name]: value for name, value in main[GPS_DIRECTORY].items()}, main[0x8773]
        parts = main[0x011A] + main[0x011B], gps[LATITUDE], exif[SHUTTER]
        rationals = [np.divide(values[::2], values[1::2]).tolist() for values in parts]
    else:
        image = opened(path)
        main, icc = image.getexif(), image.info["icc_profile"]
        exif, gps = main.get_ifd(EXIF_DIRECTORY), main.get_ifd(GPS_DIRECTORY)
        rationals = [[*map(float, values)] for values in (image.info["dpi"], gps[LATITUDE], [exif[SHUTTER]])]
    return {
        "maker": main[0x010F], "copyright": main[0x8298], "orientation": main.get(0x0112, 1), "icc": icc,
        "lens": exif[LENS], "size": (exif[WIDTH], exif[HEIGHT]), "note": exif.get(MAKER_NOTE),
        **dict(zip(("dpi", "latitude", "shutter"), rationals, strict=True)),
    }  # fmt: skip


@pytest.mark.parametrize("source", SUFFIXES)
@pytest.mark.parametrize("result", SUFFIXES)
def test_what_the_first_source_says_is_in_the_result(tmp_path, gfdf, source, result):
    gfdf("fuse", *pair(tmp_path, source), to=f"fused{result}")
    assert says(tmp_path / f"fused{result}") == {
        "maker": "Maker", "copyright": "J. Doe", "orientation": 1, "icc": ICC, "lens": "50 mm", "size": (60, 40),
        "note": None, "dpi": pytest.approx([300, 200], abs=0.01), "latitude": [60, 10, 30], "shutter": [1 / 125],
    }  # fmt: skip


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_as_pillow_applies_it(orientation, rng):
    image = Image.fromarray(rng.integers(0, 256, (3, 5, 3), np.uint8))
    image.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(turned_upright(np.asarray(image), orientation), expected)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_photographs_are_turned_upright_but_not_for_parity(tmp_path, gfdf, suffix):
    sources = pair(tmp_path, suffix, orientation=6)
    gfdf("fuse", *sources, to="upright.png")
    gfdf("fuse", *sources, "--reference", to="stored.png")
    upright, stored = tmp_path / "upright.png", tmp_path / "stored.png"
    assert [read_image(path).shape for path in (upright, stored)] == [(60, 40, 3), (40, 60, 3)]
    assert [says(path)["orientation"] for path in (upright, stored)] == [1, 6]
    assert says(upright)["dpi"] == pytest.approx(says(stored)["dpi"][::-1])
    records = [json.loads(Path(f"{path}.json").read_text()) for path in (upright, stored)]
    assert [record["upright"] for record in records] == [True, False]
    again = read_photograph(stored).pixels  # turned as the fused one was before fusing: the method has no upright
    np.testing.assert_allclose(again, read_image(upright).pixels, atol=1 / 255)


def test_each_source_has_its_own_orientation_and_that_is_told(tmp_path, gfdf):
    a = photograph(tmp_path / "a.png", LEVELS)
    b = photograph(tmp_path / "b.png", np.rot90(LEVELS), orientation=6)  # a camera held on its side
    for command in ("fuse", "stack"):
        told = f"{a} says EXIF orientation 1, {b} says 6: each is turned upright by its own"
        assert told in gfdf(command, a, b)
        np.testing.assert_array_equal(np.asarray(opened(tmp_path / "f.png")), LEVELS)
        assert says(tmp_path / "f.png")["maker"] == "Maker"
    assert "EXIF" not in gfdf("fuse", a, a)


def test_a_motion_is_not_used_on_photographs_that_stay_turned(tmp_path, gfdf):
    motion = {"kind": "scale", "matrix": np.eye(3).tolist(), "size_a": [40, 60], "size_b": [40, 60]}
    (tmp_path / "motion.json").write_text(json.dumps(motion))
    arguments = [*pair(tmp_path, ".png", orientation=3), "--motion", tmp_path / "motion.json"]
    gfdf("fuse", *arguments)
    told = gfdf("fuse", *arguments, "--reference", code=3)
    assert "is stored turned, but a motion is of photographs turned upright" in told


def test_another_colour_profile_is_told(tmp_path, gfdf, rng):
    a, _ = pair(tmp_path, ".png")
    other = saved(tmp_path / "other.png", rng.integers(0, 256, (40, 60, 3), np.uint8))
    assert f"{other} has another colour profile than {a}" in gfdf("fuse", a, other)


@pytest.mark.parametrize("kind", ["zTXt", "tEXt", "APP1", "XMP"])
@pytest.mark.parametrize("stored", [np.uint8, np.uint16])
def test_orientation_is_found_wherever_a_png_keeps_it(kind, stored, tmp_path, rng):
    path, levels = tmp_path / "a.png", rng.integers(0, 256, (40, 60, 3)).astype(stored)
    write_stored(path, levels)
    block = camera_exif(6).tobytes()
    data = block if kind == "APP1" else block.removeprefix(b"Exif\0\0")
    lines = b"\n".join(data[i : i + 36].hex().encode() for i in range(0, len(data), 36))
    profile = f"\nexif\n{len(data):8}\n".encode() + lines
    chunk = {
        "zTXt": (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile)),
        "APP1": (b"zTXt", b"Raw profile type APP1\0\0" + zlib.compress(profile)),
        "tEXt": (b"tEXt", b"Raw profile type exif\0" + profile),
        "XMP": (b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<rdf:Description tiff:Orientation="6"/>'),
    }[kind]
    with_chunks(path, [(b"tEXt", b"Comment\0none"), chunk])
    found = read_photograph(path)
    np.testing.assert_array_equal(found.raw, np.rot90(levels, -1))
    assert found.metadata.main.get(0x010F) == (None if kind == "XMP" else (2, b"Maker"))
    assert opened(path).getexif().get(0x0112) == (None if kind == "APP1" else 6)
    with_chunks(path, [(b"zTXt", b"Raw profile type exif\0\0damaged")])
    assert read_metadata(path).orientation == 6


LINEAR = ((b"gAMA", struct.pack(">I", 100000)), (b"cHRM", struct.pack(">8I", *range(30000, 38000, 1000))))


@pytest.mark.parametrize("chunks", [LINEAR, ((b"cICP", b"\x09\x10\x00\x01"),), ((b"sRGB", b"\1"),)])
@pytest.mark.parametrize("stored", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(40, 60), (40, 60, 3)])
def test_colour_that_a_png_states_by_chunks_is_carried(chunks, stored, shape, tmp_path, gfdf, rng):
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    for path in (a, b):
        write_stored(path, rng.integers(0, np.iinfo(stored).max, shape).astype(stored))
    with_chunks(a, chunks)
    for command in ("fuse", "stack"):
        assert f"{b} has another colour profile than {a}" in gfdf(command, a, b)
        assert read_metadata(tmp_path / "f.png").colour == chunks
        assert read_image(tmp_path / "f.png").raw.shape == shape
    assert "f.tif cannot say what the PNG says of its colours" in gfdf("fuse", a, b, to="f.tif")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(("shape", "icc", "kind"), [((40, 60), ICC, "RGB"), ((40, 60, 3), GRAY_ICC, "GRAY")])
def test_a_profile_of_another_colour_space_is_left_out_and_told(suffix, shape, icc, kind, tmp_path, gfdf, rng):
    a, b = (saved(tmp_path / f"{x}{suffix}", rng.integers(0, 256, shape, np.uint8), icc_profile=icc) for x in "ab")
    assert f"{b} has a colour profile for {kind}: it is left out" in gfdf("fuse", a, b, to=f"f{suffix}")
    assert read_metadata(tmp_path / f"f{suffix}").icc == b""


@pytest.mark.parametrize(
    ("stored", "most", "told"), [(np.uint16, 1023, "1.6%"), (np.float32, 0.02, "2.0%"), (np.uint16, 65535, "")]
)
def test_a_photograph_that_uses_little_of_its_range_is_told(stored, most, told, tmp_path, gfdf, rng):
    paths = [tmp_path / "a.tif", tmp_path / "b.tif"]
    for path in paths:
        levels = rng.random((40, 60)) * most
        levels[0, 0] = most
        tifffile.imwrite(path, levels.astype(stored))
    uses = f"uses {told} of its range" if told else "uses "
    for command in ("fuse", "stack"):
        found = gfdf(command, *paths, to="f.tif")
        assert all((f"{path} {uses}" in found) is bool(told) for path in paths)


@pytest.mark.parametrize(("suffix", "stored"), [(".png", np.uint16), (".tif", np.uint16), (".tif", np.float32)])
@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 3)])
def test_sixteen_bits_and_floats_carry_it_too(tmp_path, suffix, stored, shape, rng):
    metadata = read_metadata(pair(tmp_path, ".jpg", orientation=8)[0])
    path, profile = tmp_path / f"f{suffix}", ICC if len(shape) == 3 else GRAY_ICC
    levels = (rng.random(shape) * (65535 if stored == np.uint16 else 1)).astype(stored)
    write_stored(path, levels, metadata._replace(icc=profile))
    is_read_as(levels, path)
    assert says(path)["icc"] == profile
    again = read_metadata(path)
    assert again.orientation == 8
    assert again.dpi == pytest.approx((300, 200), abs=0.01)
    assert again.exif[EXIF_DIRECTORY][LENS] == (2, b"50 mm")


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("shape", [(40, 50), (40, 50, 3)])
def test_a_result_of_16_bits_is_within_1_of_the_same_in_double(tmp_path, gfdf, suffix, shape, rng):
    paths = [tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"]
    for path in paths:
        write_image(path, rng.random(shape), np.uint16)
    gfdf("fuse", *paths, to=f"f{suffix}")
    from reference.methods.base import GfdfMethod

    double = GfdfMethod()(*(read_image(path).raw / 65535 for path in paths)).image
    assert np.abs(read_image(tmp_path / f"f{suffix}").raw - np.clip(double, 0, 1) * 65535).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("options", [{}, {"byteorder": ">"}, {"bigtiff": True}, {"bigtiff": True, "byteorder": ">"}])
def test_every_kind_of_tiff_is_turned_and_told(tmp_path, options):
    tags = [(0x010F, "s", 0, "Maker", True), (0x0112, "H", 1, 8, True)]
    beside = {"extratags": tags, "iccprofile": ICC, "resolution": (30, 20), "resolutionunit": 3}
    image = read_photograph(tiff_of(tmp_path / "a.tif", LEVELS, **beside, **options))
    np.testing.assert_array_equal(image.raw, np.rot90(LEVELS))
    assert image.metadata.main[0x010F] == (2, b"Maker")
    assert image.metadata.icc == ICC
    assert image.metadata.dpi == pytest.approx((20 * 2.54, 30 * 2.54))


def test_places_in_the_old_file_are_not_carried(tmp_path, rng):
    exif = camera_exif()
    # Interoperability, a directory within the directory.
    exif[EXIF_DIRECTORY][0xA005] = {1: "R98", 0x1001: 50, 0x1002: 30}
    path = saved(tmp_path / "a.jpg", rng.integers(0, 256, (30, 50), np.uint8), exif=exif.tobytes())
    assert {MAKER_NOTE, 0xA005} < set(opened(path).getexif().get_ifd(EXIF_DIRECTORY))
    kept = read_metadata(path).exif[EXIF_DIRECTORY]
    assert {SHUTTER, LENS} < set(kept)
    assert not {MAKER_NOTE, 0xA005} & set(kept)
    write_stored(tmp_path / "b.jpg", np.zeros((20, 20), np.uint8), read_metadata(path))
    interop = opened(tmp_path / "b.jpg").getexif().get_ifd(0xA005)
    assert (interop[1].rstrip("\0"), interop[0x1001], interop[0x1002]) == ("R98", 20, 20)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Pillow, whose reading is compared with
def test_damaged_metadata_is_passed_over_and_no_more_of_it_than_is_damaged(tmp_path, rng):
    """Where Pillow still finds an orientation in a file with one wrong byte, so do we."""
    path = photograph(tmp_path / "a.jpg", rng.integers(0, 256, (40, 60, 3), np.uint8), orientation=6)
    sound = path.read_bytes()
    begins = sound.index(b"Exif")
    for at in range(begins, begins + 340):
        path.write_bytes(sound[:at] + b"\xff" + sound[at + 1 :])
        metadata = read_metadata(path)
        try:
            expected = opened(path).getexif().get(0x0112, 1)
        except Exception:
            expected = 1
        assert metadata.orientation in (6, expected if expected in range(1, 9) else 1), at
        for suffix in SUFFIXES:
            write_stored(tmp_path / f"out{suffix}", np.zeros((20, 20, 3), np.uint8), metadata)


def test_one_odd_value_takes_nothing_with_it(tmp_path, rng):
    exif = camera_exif(6)
    exif[EXIF_DIRECTORY][0x9203] = IFDRational(-7777, 3333)
    # Brightness, as some cameras have it in the dark; Pillow cannot write it.
    block = exif.tobytes().replace(struct.pack(">ii", -7777, 3333), struct.pack(">ii", -1, 0))
    assert struct.pack(">ii", -1, 0) in block
    metadata = read_metadata(saved(tmp_path / "a.jpg", rng.integers(0, 256, (40, 60, 3), np.uint8), exif=block))
    assert metadata.orientation == 6
    assert {SHUTTER, LENS} < set(metadata.exif[EXIF_DIRECTORY])


def test_texts_stay_as_they_are_stored(tmp_path):
    texts = {0x8298: "© José 2024".encode("latin-1"), 0x013B: "Müller".encode(), 0x010E: b"<3 flower"}
    tags = [(tag, "s", 0, text, True) for tag, text in texts.items() if tag != 0x010E]
    levels, options = np.zeros((20, 30), np.uint8), {"extratags": tags, "description": texts[0x010E]}
    metadata = read_metadata(tiff_of_pages(tmp_path / "a.tif", (levels, options)))
    assert {tag: metadata.main[tag][1] for tag in texts} == texts
    for suffix in SUFFIXES:
        write_stored(tmp_path / f"b{suffix}", levels, metadata)
        again = read_metadata(tmp_path / f"b{suffix}").main
        assert {tag: again[tag][1] for tag in texts} == texts


@pytest.mark.parametrize("entry", [("s", 0, "no profile"), ("I", 1, 7)])
def test_a_profile_that_is_none_is_passed_over(tmp_path, gfdf, entry):
    path = tiff_of(tmp_path / "a.tif", np.zeros((20, 30), np.uint8), extratags=[(0x8773, *entry, True)])
    for suffix in SUFFIXES:
        gfdf("fuse", path, path, to=f"f{suffix}")


@pytest.mark.parametrize("stored", [np.uint8, np.uint16])
def test_a_damaged_profile_is_passed_over_in_silence(stored, tmp_path, capfd, rng):
    path, levels = tmp_path / "a.png", rng.integers(0, 256, (40, 60, 3)).astype(stored)
    write_stored(path, levels)
    with_chunks(path, [(b"iCCP", b"profile\0\0" + zlib.compress(b"none"))])
    np.testing.assert_array_equal(read_photograph(path).raw, levels)
    assert capfd.readouterr() == ("", "")


def test_a_chunk_behind_the_pixels_is_found(tmp_path):
    path = saved(tmp_path / "a.png", LEVELS)
    with_chunks(path, [(b"eXIf", camera_exif(6).tobytes().removeprefix(b"Exif\0\0"))], at=-12)  # before IEND
    assert read_photograph(path).shape == (60, 40)


def test_every_page_has_its_own_orientation(tmp_path, gfdf):
    turned = (LEVELS[::-1, ::-1], {"extratags": [(0x0112, "H", 1, 3, True)]})
    gfdf("stack", tiff_of_pages(tmp_path / "a.tif", (LEVELS, {}), turned))
    is_read_as(LEVELS, tmp_path / "f.png")


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_previews_are_passed_over(tmp_path, gfdf, compression, rng):
    """Each photograph of a stack has one before it, as some cameras write them, turned another way."""
    levels = rng.integers(0, 256, (2, 40, 60), np.uint8)
    preview = {"subfiletype": 1, "extratags": [(0x0112, "H", 1, 6, True)]}
    photo = {"compression": compression, "extratags": [(0x0112, "H", 1, 3, True)], "iccprofile": ICC}
    pages = [of for page in levels[:, ::-1, ::-1] for of in ((page[::2, ::2], preview), (page, photo))]
    one = read_photograph(tiff_of_pages(tmp_path / "one.tif", *pages[:2]))
    np.testing.assert_array_equal(one.raw, levels[0])
    assert one.metadata.icc == ICC
    gfdf("stack", tiff_of_pages(tmp_path / "two.tif", *pages))
    gfdf("stack", *(saved(tmp_path / f"p{number}.png", page) for number, page in enumerate(levels)), to="g.png")
    is_read_as(read_image(tmp_path / "g.png").raw, tmp_path / "f.png")


def test_a_preview_does_not_hide_the_size_of_the_photograph(tmp_path):
    preview, photo = np.zeros((20, 20), np.uint8), np.zeros((12000, 13000), np.uint8)
    path = tiff_of_pages(tmp_path / "a.tif", (preview, {"subfiletype": 1}), (photo, {"compression": "zlib"}))
    refused(path, "is 13000 x 12000 pixels, but 150 megapixels are allowed")


def test_one_channel_in_a_plane_of_its_own_is_not_transposed(tmp_path):
    path = tiff_of(tmp_path / "a.tif", LEVELS, extratags=[(285, "H", 1, 2, True)])  # tifffile would leave out 284
    damage(path, path.read_bytes().index(struct.pack("<HH", 285, 3)), struct.pack("<H", 284))
    is_read_as(LEVELS, path)


def test_more_exif_than_a_jpeg_can_hold_leaves_the_orientation(tmp_path):
    metadata = Metadata({0: {0x010E: (2, b"x" * 70_000), 0x0112: (3, 6)}}, GRAY_ICC, (300, 200))
    for suffix, kept in ((".jpg", {0x0112}), (".png", {0x010E, 0x0112})):
        write_stored(tmp_path / f"f{suffix}", np.zeros((20, 30), np.uint8), metadata)
        again = read_metadata(tmp_path / f"f{suffix}")
        assert (set(again.main), again.orientation, again.icc) == (kept, 6, GRAY_ICC)


def test_a_resolution_that_is_not_said_is_not_made_up(tmp_path, rng):
    image, path = Image.fromarray(rng.integers(0, 256, (20, 30), np.uint8)), tmp_path / "a.jpg"
    exif = camera_exif()
    image.save(path, exif=exif)
    assert read_metadata(path).dpi is None
    exif[0x011A], exif[0x011B], exif[0x0128] = 120.0, 60.0, 3  # a centimetre
    image.save(path, exif=exif)
    assert read_metadata(path).dpi == pytest.approx((304.8, 152.4))
    image.save(path, exif=exif, dpi=(300, 200))
    assert read_metadata(path).dpi == (300, 200)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_name_may_be_any_bytes(tmp_path, kind, rng):
    levels, path = rng.integers(0, 256, (20, 30, 3)).astype(kind), Path(os.fsdecode(bytes(tmp_path) + b"/\xfe.png"))
    write_stored(path, levels)
    is_read_as(levels, path)


def test_nothing_said_is_nothing_written(tmp_path):
    for suffix in SUFFIXES:
        write_stored(tmp_path / f"f{suffix}", np.zeros((20, 20), np.uint8))
        metadata = read_metadata(tmp_path / f"f{suffix}")
        assert (metadata.icc, metadata.orientation) == (b"", 1)
        assert metadata.exif.keys() <= {0}
        assert metadata.main.keys() <= {0x0131}  # tifffile names itself
    assert Metadata({0: {0x0112: (3, 77)}}, b"", None).orientation == 1
    assert NONE.upright() == NONE


@pytest.mark.parametrize(
    "options",
    [{}, {"ome": True, "metadata": {"axes": "ZYX"}}, {"imagej": True, "metadata": {"axes": "ZYX"}},
     {"tile": (16, 16)}, {"compression": "zlib"}, {"bigtiff": True}, {"photometric": "rgb"}],
)  # fmt: skip
def test_a_tiff_of_many_pages_is_a_stack(tmp_path, gfdf, options, rng):
    colour = {"photometric": "rgb"} if "photometric" in options else {}
    pages = rng.integers(0, 65536, (4, 40, 50, 3) if colour else (4, 40, 50), np.uint16)
    name = "stack.ome.tif" if options.get("ome") else "stack.tif"
    gfdf("stack", tiff_of(tmp_path / name, pages, **options), to="one.tif")
    several = [tiff_of(tmp_path / f"page_{number}.tif", page, **colour) for number, page in enumerate(pages)]
    gfdf("stack", *several, to="several.tif")
    is_read_as(read_image(tmp_path / "several.tif").raw, tmp_path / "one.tif")
    record = json.loads((tmp_path / "one.tif.json").read_text())
    assert [source["page"] for source in record["sources"]] == [0, 1, 2, 3]


PHOTO, PREVIEW = (LEVELS, {}), (LEVELS[::2, ::2], {"subfiletype": 1})
PACKED = {"save_all": True, "compression": "tiff_lzw", "append_images": [Image.fromarray(LEVELS)]}


def stack_of(*shape, **options):
    return later(tiff_of, np.zeros(shape, np.uint8), **options)


def of_axes(axes, *shape):
    return stack_of(*shape, ome=True, metadata={"axes": axes})


@pytest.mark.parametrize(
    ("make", "command", "code", "sentence"),
    [
        (later(tiff_of_pages, PHOTO, PREVIEW), "fuse", 0, "from A"),
        (later(tiff_of_pages, PREVIEW, PHOTO), "fuse", 0, "from A"),
        (later(tiff_of_pages, PHOTO, PREVIEW), "stack", 3, "is one photograph, but a stack has two or more"),
        (later(tiff_of_pages, PHOTO, (LEVELS[:30], {})), "stack", 3,
         "holds 2 images in 2 series: a stack is one series"),
        (stack_of(3, 40, 60, truncate=True), "fuse", 3, "holds 3 images, but one is needed"),
        (stack_of(3, 40, 60, truncate=True), "stack", 3, "holds 3 images in 1 series, Q 3: a stack is one series"),
        (stack_of(3, 40, 60, 3, photometric="rgb"), "fuse", 3,
         "holds 3 images, but one is needed: parfocal stack takes them all"),
        (of_axes("TZYX", 2, 3, 40, 50), "stack", 3, ", T 2, Z 3: a stack is one series of pages, along Z"),
        (of_axes("TYX", 3, 40, 50), "stack", 3, ", T 3: a stack is one series of pages, along Z"),
        (of_axes("ZCYX", 2, 3, 40, 50), "stack", 3, "C 3: a stack is one series of pages, along Z"),
        (later(saved, LEVELS, **PACKED), "stack", 0, "1 of 2 photographs are sharpest somewhere"),
    ],
)  # fmt: skip
def test_what_is_no_stack_of_equals_is_told(tmp_path, gfdf, make, command, code, sentence):
    path = make(tmp_path / "x.tif")
    assert sentence in gfdf(command, *[path] * (2 if command == "fuse" else 1), code=code)
