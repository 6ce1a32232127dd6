//! The bundled typeface: Inter, Regular and SemiBold (SIL Open Font License 1.1, see `fonts/OFL.txt`).

/// The family's name in SVG.
pub(super) const FAMILY: &str = "Inter";

/// A font file.
pub(super) struct FontFile {
    /// Its name, for messages.
    pub name: &'static str,
    /// Its contents.
    pub bytes: &'static [u8],
}

/// Weight 400.
pub(super) static REGULAR: FontFile = FontFile { name: "Inter-Regular.otf", bytes: include_bytes!("../../fonts/Inter-Regular.otf") };
/// Weight 600, drawn where SVG says bold.
pub(super) static SEMI_BOLD: FontFile = FontFile { name: "Inter-SemiBold.otf", bytes: include_bytes!("../../fonts/Inter-SemiBold.otf") };
