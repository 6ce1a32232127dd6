//! Bytes to characters: a byte order mark, UTF-16 by its zero bytes, UTF-8 when valid, what an HTML page declares, and at last a guess by
//! chardetng, the detector of Firefox. Encodings are those of the WHATWG Encoding Standard, so a page that declares ISO-8859-1 is read as
//! windows-1252, as browsers do.

use std::borrow::Cow;
use std::convert::Infallible;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// How far into a page its declaration may be (the HTML standard's "prescan" looks at as many bytes).
const DECLARATION_BYTES: usize = 1024;
/// How much is looked at to tell text from other data, in bytes.
const SAMPLE_BYTES: usize = 64 * 1024;

/// First bytes that tell a kind of file, and what it is called.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PK\x03\x04", "a ZIP archive (a Word or EPUB file is one too)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF file"),
    (b"bplist00", "a Safari web archive or property list"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"ARROW1", "an Arrow file"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\xff\xfe\0\0", "text in UTF-32"),
    (b"\0\0\xfe\xff", "text in UTF-32"),
];

/// What the bytes look like when they aren't text.
pub(super) fn not_text(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, name)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        // Two bytes and three letters are short: text that starts so has no zero byte soon after.
        let telling = !matches!(*name, "a bzip2 archive" | "an MP3 recording" | "an Ogg recording" | "a Parquet file" | "a font")
            || sample(bytes).iter().any(|&byte| is_control(byte));
        if telling {
            return Some(name);
        }
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("a film, recording or HEIF picture");
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("a WebP picture");
    }
    if Encoding::for_bom(bytes).is_some() || utf_16_without_mark(bytes).is_some() {
        return None;
    }
    let sample = sample(bytes);
    let controls = sample.iter().filter(|&&byte| is_control(byte)).count();
    (controls * 50 > sample.len()).then_some("binary data")
}

fn sample(bytes: &[u8]) -> &[u8] {
    bytes.get(..SAMPLE_BYTES).unwrap_or(bytes)
}

/// A control character that no text has; the escape starts the shifts of ISO-2022-JP.
fn is_control(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)
}

/// Decodes what is Unicode without doubt; None when it isn't.
pub(super) fn decode_unicode(bytes: &[u8]) -> Option<(Cow<'_, str>, &'static str)> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_with_bom_removal(bytes);
        return Some((text, encoding.name()));
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return Some((text, encoding.name()));
    }
    // Shifted Japanese is ASCII to the eye: only the page's word for it tells.
    if bytes.contains(&0x1b) {
        return None;
    }
    std::str::from_utf8(bytes).ok().map(|text| (Cow::Borrowed(text), UTF_8.name()))
}

/// Latin text in UTF-16 has a zero in nearly every other byte.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = sample(bytes);
    let (pairs, _) = sample.as_chunks::<2>();
    let zero_first = pairs.iter().filter(|pair| pair[0] == 0).count();
    let zero_second = pairs.iter().filter(|pair| pair[1] == 0).count();
    let most = |zeros: usize, others: usize| pairs.len() >= 2 && zeros * 10 >= pairs.len() * 7 && others * 20 <= pairs.len();
    if most(zero_second, zero_first) {
        Some(UTF_16LE)
    } else if most(zero_first, zero_second) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Decodes what isn't valid UTF-8: as the page declares, else as UTF-8 with a few faults, else as the detector guesses.
pub(super) fn decode_legacy(bytes: &[u8], html: bool) -> (Cow<'_, str>, &'static str) {
    let declared = if html { declared_encoding(bytes.get(..DECLARATION_BYTES).unwrap_or(bytes)) } else { None };
    let encoding = declared.unwrap_or_else(|| if is_mostly_utf_8(bytes) { UTF_8 } else { guess(bytes) });
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    (text, encoding.name())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// A file cut in the middle of a letter, or with one stray byte, is UTF-8 all the same.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut letters, mut faults) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        // Each letter past ASCII has one byte that isn't a continuation.
        letters += chunk.valid().bytes().filter(|&byte| byte >= 0xc0).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    letters > 10 * faults || faults == 0
}

/// The encoding that a page's first bytes declare: `<meta charset>`, `<meta http-equiv="content-type">`, or the XML declaration.
fn declared_encoding(start: &[u8]) -> Option<&'static Encoding> {
    let mut labels: Vec<String> = Vec::new();
    let mut in_meta = false;
    let mut attribute = String::new();
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => in_meta = name == b"meta",
            CallbackEvent::AttributeName { name } if in_meta => attribute = String::from_utf8_lossy(name).to_ascii_lowercase(),
            CallbackEvent::AttributeValue { value } if in_meta => {
                let value = String::from_utf8_lossy(value).to_ascii_lowercase();
                match attribute.as_str() {
                    "charset" => labels.push(value),
                    "content" => labels.extend(value.split_once("charset=").map(|(_, label)| label.to_owned())),
                    _ => {}
                }
            }
            // `<?xml … ?>` is a comment to HTML.
            CallbackEvent::Comment { value } if value.starts_with(b"?xml") => {
                let value = String::from_utf8_lossy(value).to_ascii_lowercase();
                labels.extend(value.split_once("encoding=").map(|(_, label)| label.to_owned()));
            }
            _ => {}
        }
        None
    });
    let Ok(()) = Tokenizer::new_with_emitter(start, emitter).finish();
    let label = labels.iter().map(|label| label.trim_start_matches(['"', '\'', ' '])).find_map(|label| {
        let end = label.find(['"', '\'', ' ', ';', '?']).unwrap_or(label.len());
        Encoding::for_label(label.get(..end)?.as_bytes())
    })?;
    // As the standard has it: a page whose declaration could be read byte by byte isn't UTF-16.
    if label == UTF_16LE || label == UTF_16BE {
        Some(UTF_8)
    } else if label.name() == "x-user-defined" {
        Some(WINDOWS_1252)
    } else {
        Some(label)
    }
}
