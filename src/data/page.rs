//! A news article's bytes, as published, to plain text: an HTML page without its menus and related links, Markdown, or text as it is.
//!
//! ```
//! use aftermove::data::page::read_page;
//!
//! let html = b"<title>Acme falls | The Example</title><nav>Markets</nav><h1>Acme falls</h1><p>Shares of Acme fell 4&nbsp;%.</p>";
//! let page = read_page("acme.html", html, None)?;
//! assert_eq!(page.text, "Acme falls\n\nShares of Acme fell 4\u{a0}%.\n");
//! # Ok::<(), aftermove::data::page::PageError>(())
//! ```
//!
//! An HTML page goes through once, and nothing in it recurses:
//!
//! | file | what it does |
//! |---|---|
//! | `encoding` | bytes to characters; what isn't text is named |
//! | `html_tree` (with `tag`) | characters to elements, by the tokenizer of the HTML standard, at most 512 deep as in browsers |
//! | `boilerplate` | which blocks aren't the article: menus, related links, banners, hidden elements |
//! | `main_body` | which element is the article, and its headline |
//! | `rendering`, `text_writer` | elements to paragraphs and lines |
//! | `metadata` (with `json_ld`, `publication_date`) | title, source, date |
//!
//! A date that the file itself doesn't declare is looked for in the text's dateline (`dateline`).
//!
//! Limits: nothing is executed, so a page that a script fills has the text that its JSON-LD carries, or none. UTF-16 without a byte order
//! mark is recognised for Latin scripts only. Style sheets aren't read: an element is hidden by its attributes alone.

mod boilerplate;
mod dateline;
mod encoding;
mod html_tree;
mod json_ld;
mod main_body;
mod markdown;
mod metadata;
mod publication_date;
mod rendering;
mod tag;
mod text_writer;

use thiserror::Error;

use crate::claim::Published;
use html_tree::HtmlTree;

/// The largest page that is read, in bytes (64 MiB): past it a file is something else than an article.
pub const MAX_PAGE_BYTES: usize = 64 * 1024 * 1024;

/// An article as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The headline and the body. Paragraphs of HTML and Markdown are apart by a blank line, list items and table rows by a line end, a
    /// row's cells by a tab. Plain text is as it was. Never contains U+0000.
    pub text: String,
    /// What the page says its headline is, without the site's name; None when it doesn't say, and for plain text.
    pub title: Option<String>,
    /// Who published it: `og:site_name`, or the publisher of the JSON-LD; None when not said.
    pub source: Option<String>,
    /// When it was published, as the page declares it or its text says in a dateline; None when neither says, or nothing that is a date.
    pub published: Option<Published>,
    /// The language as declared, say `en-GB`; None when not declared.
    pub language: Option<String>,
    /// What the bytes were decoded as, by the name of the Encoding Standard: `UTF-8`, `windows-1252`.
    pub encoding: &'static str,
}

/// How an article's file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageFormat {
    /// Plain text.
    Text,
    /// HTML or XHTML.
    Html,
    /// Markdown (CommonMark with tables), with or without front matter.
    Markdown,
}

/// Why an article can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PageError {
    /// Past [`MAX_PAGE_BYTES`].
    #[error("{name} has {bytes} bytes, more than the {} MiB an article may have", MAX_PAGE_BYTES / 1024 / 1024)]
    TooLarge {
        /// The file's name.
        name: String,
        /// Its size.
        bytes: usize,
    },
    /// Not text at all.
    #[error("{name} is {looks_like}, not text")]
    NotText {
        /// The file's name.
        name: String,
        /// What it looks like: "a PDF file".
        looks_like: &'static str,
    },
    /// Nothing in it, or only white space, or a page whose body has no text.
    #[error("{name} {lacks}")]
    Empty {
        /// The file's name.
        name: String,
        /// What is missing: "is empty".
        lacks: &'static str,
        /// Whether it is an HTML page, which a script may fill only in a browser.
        page: bool,
    },
}

impl PageError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            PageError::TooLarge { .. } => "save the article alone, as HTML or text",
            PageError::NotText { .. } => "save the article's page as HTML, or copy its text to a .txt file in UTF-8",
            PageError::Empty { page: true, .. } => {
                "save the page from a browser once it shows the article, or copy its text to a .txt file"
            }
            PageError::Empty { page: false, .. } => "give a file that holds the article's text",
        }
    }
}

/// Reads when something was published, as pages and people write it: `2022-09-05`, `2022-09-05T09:00:00+02:00`, RFC 2822, `September 5, 2022`. A
/// time without a zone says no instant: it is the day. None for what is no date.
pub fn read_publication_date(written: &str) -> Option<Published> {
    publication_date::parse(written)
}

/// Reads an article. `name` is the file's name or address, for errors and for the format when `format` is None; then the content decides
/// when the name doesn't.
///
/// # Errors
/// When the bytes are too many, aren't text, or hold no text.
pub fn read_page(name: &str, bytes: &[u8], format: Option<PageFormat>) -> Result<Page, PageError> {
    if bytes.len() > MAX_PAGE_BYTES {
        return Err(PageError::TooLarge { name: name.to_owned(), bytes: bytes.len() });
    }
    let empty = |lacks, page| PageError::Empty { name: name.to_owned(), lacks, page };
    if bytes.is_empty() {
        return Err(empty("is empty", false));
    }
    if let Some(looks_like) = encoding::not_text(bytes) {
        return Err(PageError::NotText { name: name.to_owned(), looks_like });
    }
    let format = format.or_else(|| format_by_name(name));
    let (format, decoded, encoding) = match encoding::decode_unicode(bytes) {
        Some((decoded, encoding)) => (format.unwrap_or_else(|| format_by_content(&decoded)), decoded, encoding),
        None => {
            let format = format.unwrap_or_else(|| format_by_content(&String::from_utf8_lossy(bytes.get(..SNIFFED_BYTES).unwrap_or(bytes))));
            let (decoded, encoding) = encoding::decode_legacy(bytes, format == PageFormat::Html);
            (format, decoded, encoding)
        }
    };
    if decoded.trim().is_empty() {
        return Err(empty("holds nothing but white space", false));
    }
    let mut page = match format {
        PageFormat::Text => {
            let text = decoded.replace("\r\n", "\n").replace('\0', "\u{fffd}");
            Page { text, title: None, source: None, published: None, language: None, encoding }
        }
        PageFormat::Html => read_html(&decoded, encoding),
        PageFormat::Markdown => markdown::read(&decoded, encoding),
    };
    if page.published.is_none() {
        page.published = dateline::find(&page.text);
    }
    if page.text.trim().is_empty() {
        return Err(empty("has no text in its body", format == PageFormat::Html));
    }
    Ok(page)
}

fn read_html(decoded: &str, encoding: &'static str) -> Page {
    let tree = HtmlTree::parse(decoded);
    let facts = metadata::read(&tree);
    let body = main_body::find(&tree, facts.source.as_deref());
    let text = rendering::article_text(&tree, &body, &facts);
    let title = facts.title.or_else(|| body.headline.and_then(|headline| rendering::one_line(&tree, headline)));
    let published = facts.published.or_else(|| metadata::time_element(&tree, body.root, body.headline));
    Page { text, title, source: facts.source, published, language: facts.language, encoding }
}

/// The format a name's ending stands for; None for an ending that says nothing.
fn format_by_name(name: &str) -> Option<PageFormat> {
    // An address may carry a query: story.html?page=1
    let path = if name.contains("://") { name.split(['?', '#']).next().unwrap_or(name) } else { name };
    let (_, ending) = path.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" | "xhtml" => Some(PageFormat::Html),
        "md" | "markdown" => Some(PageFormat::Markdown),
        "txt" | "text" => Some(PageFormat::Text),
        _ => None,
    }
}

/// How much of a file is looked at to tell HTML from text.
const SNIFFED_BYTES: usize = 8192;

fn format_by_content(decoded: &str) -> PageFormat {
    let start: String = decoded.trim_start().chars().take(SNIFFED_BYTES / 2).collect::<String>().to_ascii_lowercase();
    let mut rest = start.as_str();
    loop {
        // Comments and the XML declaration may come before the root element.
        let closed = if rest.starts_with("<!--") {
            rest.split_once("-->")
        } else if rest.starts_with("<?xml") {
            rest.split_once("?>")
        } else {
            None
        };
        match closed {
            Some((_, after)) => rest = after.trim_start(),
            None => break,
        }
    }
    if ["<!doctype html", "<html", "<head>", "<body"].iter().any(|root| rest.starts_with(root)) {
        return PageFormat::Html;
    }
    let block_tags = ["<p>", "</p>", "<div", "</div>", "<article", "<section", "<h1", "<ul", "<li>", "<table", "<td"];
    let tags: usize = block_tags.iter().map(|tag| start.matches(tag).count()).sum();
    if rest.starts_with('<') && tags >= 3 { PageFormat::Html } else { PageFormat::Text }
}
