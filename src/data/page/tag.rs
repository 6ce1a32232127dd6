//! The elements of HTML that matter to an article's text, and what their names and classes say about them.

/// An element's name, as far as its text depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Html,
    Head,
    Body,
    Title,
    Meta,
    Time,
    /// `script`, whose text is read when it is JSON-LD.
    Script,
    Article,
    Main,
    Header,
    Footer,
    Aside,
    Nav,
    Form,
    H1,
    /// `h2` to `h6`.
    Heading,
    P,
    Li,
    /// `ul`, `ol`.
    List,
    /// `dl`.
    Definitions,
    /// `dt`, `dd`.
    Definition,
    Table,
    /// `thead`, `tbody`, `tfoot`.
    RowGroup,
    Row,
    Cell,
    Br,
    Pre,
    /// Any other block: `div`, `section`, `blockquote`, `figure`, …
    Block,
    /// Where only the text counts: `span`, `b`, custom elements such as `bg-quote`.
    Inline,
    /// `a`.
    Link,
    Svg,
    /// What is never text to read: `style`, `button`, `iframe`, `template`, …
    Unread,
}

impl Tag {
    /// How many there are, for counts per tag.
    pub(super) const COUNT: usize = Tag::Unread as usize + 1;

    /// The tag of a lower-case name.
    pub(super) fn of(name: &[u8]) -> Tag {
        match name {
            b"html" => Tag::Html,
            b"head" => Tag::Head,
            b"body" => Tag::Body,
            b"title" => Tag::Title,
            b"meta" => Tag::Meta,
            b"time" => Tag::Time,
            b"script" => Tag::Script,
            b"article" => Tag::Article,
            b"main" => Tag::Main,
            b"header" => Tag::Header,
            b"footer" => Tag::Footer,
            b"aside" => Tag::Aside,
            b"nav" => Tag::Nav,
            b"form" => Tag::Form,
            b"h1" => Tag::H1,
            b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Tag::Heading,
            b"p" => Tag::P,
            b"li" => Tag::Li,
            b"ul" | b"ol" => Tag::List,
            b"dl" => Tag::Definitions,
            b"dt" | b"dd" => Tag::Definition,
            b"table" => Tag::Table,
            b"thead" | b"tbody" | b"tfoot" => Tag::RowGroup,
            b"tr" => Tag::Row,
            b"td" | b"th" => Tag::Cell,
            b"br" => Tag::Br,
            b"pre" | b"listing" => Tag::Pre,
            b"div" | b"section" | b"blockquote" | b"figure" | b"figcaption" | b"address" | b"center" | b"details" | b"summary"
            | b"fieldset" | b"legend" | b"hgroup" | b"hr" | b"caption" | b"search" => Tag::Block,
            b"a" => Tag::Link,
            b"svg" => Tag::Svg,
            b"style" | b"noscript" | b"noembed" | b"noframes" | b"template" | b"iframe" | b"frameset" | b"object" | b"embed"
            | b"applet" | b"canvas" | b"audio" | b"video" | b"map" | b"button" | b"select" | b"option" | b"optgroup" | b"datalist"
            | b"textarea" | b"input" | b"menu" | b"dialog" | b"math" | b"rp" | b"link" | b"base" | b"img" | b"source" | b"track"
            | b"col" | b"colgroup" | b"progress" | b"meter" | b"param" | b"xmp" | b"area" => Tag::Unread,
            b"amp-layout" | b"amp-fit-text" | b"amp-list" | b"amp-accordion" => Tag::Block,
            _ if name.starts_with(b"amp-") => Tag::Unread,
            _ => Tag::Inline,
        }
    }

    /// An element that starts and ends its own lines.
    pub(super) fn is_block(self) -> bool {
        !matches!(
            self,
            Tag::Inline | Tag::Link | Tag::Br | Tag::Time | Tag::Unread | Tag::Svg | Tag::Script | Tag::Meta | Tag::Title | Tag::Head
        )
    }

    /// A start tag that ends an open paragraph.
    pub(super) fn ends_paragraph(self) -> bool {
        self.is_block() && !matches!(self, Tag::Html | Tag::Body | Tag::RowGroup | Tag::Row | Tag::Cell)
    }

    /// An element whose inside knows nothing of the elements open outside ("scope").
    pub(super) fn is_boundary(self) -> bool {
        matches!(self, Tag::Html | Tag::Body | Tag::Table | Tag::Cell)
    }

    /// An element that may be open in the head.
    pub(super) fn is_of_head(self) -> bool {
        matches!(self, Tag::Html | Tag::Head | Tag::Title | Tag::Meta | Tag::Script | Tag::Unread | Tag::Svg)
    }

    /// Never part of an article's text, whatever it holds.
    pub(super) fn is_never_read(self) -> bool {
        matches!(self, Tag::Head | Tag::Title | Tag::Meta | Tag::Script | Tag::Svg | Tag::Unread)
    }
}

/// Whether an element has no end tag.
pub(super) fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// What an element's class, id and role say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Nothing.
    Unsaid,
    /// Not the article, unless it holds most of the page's prose or the headline.
    Unlikely,
    /// Not the article, however much prose it holds, unless the headline is in it: readers' comments, cookie banners.
    Foreign,
}

/// Reads class, id and role. The words are those that news sites and Readability's lists use.
pub(super) fn role_of(class_id_and_role: &str) -> Role {
    let mut role = Role::Unsaid;
    let mut words =
        class_id_and_role.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied();
        let said = match word.to_ascii_lowercase().as_str() {
            // "has-sidebar" and "no-comments" say what is elsewhere on the page, WordPress's "tag-social" what the article is about.
            "has" | "no" | "with" | "without" | "hide" | "category" | "tag" | "topic" => {
                words.next();
                Role::Unsaid
            }
            "comments" | "comment" | "commentlist" | "disqus" | "cookie" | "cookies" | "gdpr" | "consent" | "onetrust" | "outbrain"
            | "taboola" | "screenreader" | "visuallyhidden" => Role::Foreign,
            "sr" if next == Some("only") => Role::Foreign,
            "visually" if next == Some("hidden") => Role::Foreign,
            "screen" if next == Some("reader") => Role::Foreign,
            "share" if next.is_some_and(|next| next.starts_with("price")) => Role::Unsaid,
            "ad" | "ads" | "advert" | "adverts" | "advertisement" | "advertising" | "banner" | "breadcrumb" | "breadcrumbs" | "byline"
            | "author" | "authors" | "bio" | "footer" | "sharedaddy" | "masthead" | "menu" | "meta" | "metadata" | "nav" | "navbar"
            | "navigation" | "newsletter" | "pager" | "pagination" | "paywall" | "popup" | "modal" | "promo" | "promos" | "promotion"
            | "promoted" | "recirc" | "recirculation" | "readmore" | "recommended" | "recommendations" | "related" | "relatedposts"
            | "relatedarticles" | "search" | "share" | "sharing" | "sharebar" | "sharetools" | "sidebar" | "social" | "sponsor"
            | "sponsored" | "subscribe" | "subscription" | "tags" | "ticker" | "tickers" | "tickertape" | "toolbar" | "trending"
            | "widget" | "widgets" | "mostread" | "teaser" | "teasers" | "contentinfo" | "complementary" | "dialog" | "alertdialog"
            | "tablist" | "skip" => Role::Unlikely,
            "most" if matches!(next, Some("read" | "popular" | "viewed")) => Role::Unlikely,
            "read" if matches!(next, Some("more" | "also" | "next")) => Role::Unlikely,
            "see" if next == Some("also") => Role::Unlikely,
            _ => Role::Unsaid,
        };
        role = role.max(said);
    }
    role
}
