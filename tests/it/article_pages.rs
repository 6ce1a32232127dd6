//! Articles as published, to text: pages of our own invention, built as those of wire services, newspapers and blogs are.

use aftermove::claim::Published;
use aftermove::data::page::{MAX_PAGE_BYTES, Page, PageError, PageFormat, read_page};
use chrono::{DateTime, NaiveDate};

fn html(page: &str) -> Page {
    read_page("story.html", page.as_bytes(), None).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> Option<Published> {
    Some(Published::Day(NaiveDate::from_ymd_opt(year, month, day).unwrap()))
}

fn instant(rfc_3339: &str) -> Option<Published> {
    Some(Published::Instant(DateTime::parse_from_rfc3339(rfc_3339).unwrap()))
}

const WIRE: &str = r##"<!DOCTYPE html>
<html lang="en-US"><head><meta charset="utf-8">
<title>Acme shares slide after recall | Example Wire</title>
<meta property="og:title" content="Acme shares slide after recall">
<meta property="og:site_name" content="Example Wire">
<meta property="article:published_time" content="2022-09-02T21:15:00Z">
<script>var ticker = "<p>ACME -4.1%</p>"; if (1 < 2) { document.write("</p>"); }</script>
<style>.quote { color: red }</style>
</head><body class="has-sidebar no-comments">
<div id="onetrust-banner-sdk" role="dialog"><p>We and our 214 partners use cookies to keep the lights on. Accept them all to go on reading this page.</p></div>
<header><a href="/">Example Wire</a><div class="ticker-tape"><span>DOW 31,318.44 -1.07%</span> <span>S&amp;P 500 3,924.26 -1.07%</span></div></header>
<nav><ul><li><a href="/m">Markets</a></li><li><a href="/t">Technology</a></li></ul></nav>
<main><article>
<header><a href="/markets">Markets</a><h1>Acme shares slide <em>after</em> recall</h1><p>By Jane Doe</p><time datetime="2022-09-02T21:15:00Z">Sept 2</time></header>
<div class="social-share"><ul><li><a href="#">Facebook</a></li></ul><p>Share this article with your friends</p></div>
<p><span class="location">NEW YORK</span>, Sept 2 (Example Wire) - Shares of Acme&nbsp;Corp (<a href="/q/ACME">ACME.N</a>) fell 4.1%
   on Friday,<br>their worst day since&#x20;May.</p>
<p hidden>Subscribers see more.</p><p style="color:red; DISPLAY : none">Invisible.</p><p aria-hidden="true">Icon</p>
<aside><h3>Quotes</h3><table><tr><td>ACME</td><td>-9.99%</td></tr></table></aside>
<div class="ad-slot"><p>Advertisement: trade with zero commission</p></div>
<h2>What analysts say</h2>
<p>&#8220;It&rsquo;s over&#8221;, said <a href="/p/1">one analyst</a>. The bench<wbr>mark S&amp;P 500 lost 1.1&#8239;%; the un&shy;der&#8203;lying trend is down 20&thinsp;% in a month.</p>
<ul><li>Revenue: <b>$3.2</b> billion</li><li><p>Loss: $0.12 a share</p></li></ul>
<figure><img alt="A factory"><figcaption>A factory of Acme in Ohio.</figcaption></figure>
<table><thead><tr><th>Stock</th><th>Week</th></tr></thead><tbody><tr><td>ACME</td><td><p>-12.0%</p></td></tr><tr><td>EMCA<td>+1.5%</table>
<form><p>Sign up for our newsletter</p><input name="mail"></form>
<h3>Related stories</h3><ul><li><a href="/1">Rival soars 30% on bid</a></li><li><a href="/2">Oil gains 2%</a></li></ul>
<p><a href="/3">READ ALSO: Another firm fell 55% on fraud</a></p>
</article>
<section><h2>More</h2><article><h3><a href="/4">Emca plunges 60%</a></h3><p>It was the worst day of the company.</p></article></section>
</main>
<footer><p>All quotes delayed a minimum of 15 minutes. See the list of exchanges and delays, and our terms of use, on this page.</p></footer>
</body></html>"##;

const WIRE_TEXT: &str = "Acme shares slide after recall\n\n\
NEW YORK, Sept 2 (Example Wire) - Shares of Acme\u{a0}Corp (ACME.N) fell 4.1% on Friday,\ntheir worst day since May.\n\n\
What analysts say\n\n\
\u{201c}It\u{2019}s over\u{201d}, said one analyst. The benchmark S&P 500 lost 1.1\u{202f}%; the underlying trend is down 20\u{2009}% in a month.\n\n\
Revenue: $3.2 billion\nLoss: $0.12 a share\n\n\
A factory of Acme in Ohio.\n\n\
Stock\tWeek\nACME\t-12.0%\nEMCA\t+1.5%\n";

#[test]
fn a_wire_services_page_is_its_headline_and_body_alone() {
    let page = html(WIRE);
    assert_eq!(page.text, WIRE_TEXT);
    assert_eq!(page.title.as_deref(), Some("Acme shares slide after recall"));
    assert_eq!(page.source.as_deref(), Some("Example Wire"));
    assert_eq!(page.published, instant("2022-09-02T21:15:00Z"));
    assert_eq!(page.language.as_deref(), Some("en-US"));
    assert_eq!(page.encoding, "UTF-8");
}

#[test]
fn html_is_known_by_its_ending_or_its_first_tags() {
    for name in ["story.html", "STORY.HTM", "story.xhtml", "https://example.org/a/story.html?p=1", "-", "https://example.org/story"] {
        assert_eq!(read_page(name, WIRE.as_bytes(), None).unwrap().text, WIRE_TEXT, "{name}");
    }
    let fragment = "<!-- saved --><div><p>Acme fell 4%.</p></div>";
    assert_eq!(read_page("-", fragment.as_bytes(), None).unwrap().text, "Acme fell 4%.\n");
    let text = "Acme <ACME> fell 4 %; a < b, and <p> is a tag.";
    assert_eq!(read_page("-", text.as_bytes(), None).unwrap().text, text);
    assert_eq!(read_page("story.txt", fragment.as_bytes(), None).unwrap().text, fragment, "the name is believed");
    assert_eq!(read_page("story.txt", fragment.as_bytes(), Some(PageFormat::Html)).unwrap().text, "Acme fell 4%.\n", "the caller more");
}

#[test]
fn a_wordpress_post_keeps_its_text_and_loses_comments_and_related_posts() {
    let page = html(
        r##"<!doctype html><html lang="en-GB"><head><title>Widgets down a fifth – The Blog</title><meta property="og:site_name" content="The Blog"></head>
<body class="post-template-default single single-post postid-7 comments-open has-sidebar">
<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<div id="page" class="site"><div class="site-header"><h1 class="site-title"><a href="/">The Blog</a></h1></div>
<div id="content" class="site-content"><div id="primary" class="content-area with-sidebar">
<article id="post-7" class="post-7 post type-post hentry category-social tag-newsletter tag-ads">
<h1 class="entry-title"><a href="/7">Widgets down a fifth</a></h1>
<div class="entry-meta"><span class="posted-on"><time class="updated" datetime="2023-02-01T10:00:00+00:00">1 Feb</time><time class="entry-date published" datetime="2023-01-05T08:30:00+01:00">5 Jan</time></span></div>
<div class="entry-content"><p>Widgets Ltd lost 21 per cent in a month.</p><div class="wp-block-group"><p>Its rival gained 3 per cent.</p></div>
<figure class="wp-block-table"><table><tbody><tr><td>WDG</td><td>−21 %</td></tr></tbody></table></figure>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><a href="/3">Gadgets up 40%</a></div></div>
<footer class="entry-footer">Posted in <a href="/c">Social</a></footer>
</article>
<div id="comments" class="comments-area"><ol class="comment-list"><li><article class="comment-body"><p>I told everybody in this blog that it would fall by 90 per cent, and nobody listened to me, which is a pity for you all.</p></article></li></ol></div>
</div><div id="secondary" class="widget-area sidebar"><section class="widget"><p>About me: I write about widgets, gadgets, and about things that are neither of the two.</p></section></div></div></div></body></html>"##,
    );
    assert_eq!(
        page.text,
        "Widgets down a fifth\n\nWidgets Ltd lost 21 per cent in a month.\n\nIts rival gained 3 per cent.\n\nWDG\t−21 %\n"
    );
    assert_eq!(page.title.as_deref(), Some("Widgets down a fifth"), "without the site's name");
    assert_eq!(page.published, instant("2023-01-05T08:30:00+01:00"), "the publication, not the update");
}

#[test]
fn json_ld_graphs_tell_headline_publisher_and_date() {
    let page = html(
        r##"<html><head><title>x</title><script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"Organization","@id":"#org","name":"The Example Post"},
{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Other","datePublished":"1999-01-01"}]},
{"@type":"WebPage","datePublished":"2001-01-01"},
{"@type":["NewsArticle","Report"],"headline":"Acme &amp; Sons\tfall","datePublished":"2022-09-05T09:00:00.000+0200","publisher":{"@id":"#org"}}]}</script>
<meta property="article:published_time" content="2020-01-01"></head><body><main><h1>Acme falls</h1><p>Acme fell 4% on Monday.</p></main></body></html>"##,
    );
    assert_eq!(page.title.as_deref(), Some("Acme & Sons fall"));
    assert_eq!(page.source.as_deref(), Some("The Example Post"));
    assert_eq!(page.published, instant("2022-09-05T09:00:00+02:00"));
    assert_eq!(page.text, "Acme falls\n\nAcme fell 4% on Monday.\n");
}

#[test]
fn a_page_that_a_script_fills_has_the_json_lds_text() {
    let page = html(
        r#"<html><head><script type="application/ld+json">[{"@type":"BreadcrumbList"},{"@type":"NewsArticle","headline":"Acme falls","publisher":"Wire",
"articleBody":"Acme fell 4% on Monday.\n\nIts rival &amp; friend gained 2%, though 1 < 2."}]</script></head><body><div id="root"></div><noscript>Turn on JavaScript</noscript></body></html>"#,
    );
    assert_eq!(page.text, "Acme falls\n\nAcme fell 4% on Monday.\n\nIts rival & friend gained 2%, though 1 < 2.\n");
    assert_eq!(page.source.as_deref(), Some("Wire"));
}

#[test]
fn broken_json_ld_is_passed_over() {
    let page = html(r#"<script type="application/ld+json">{"@type":"NewsArticle",</script><h1>Acme</h1><p>Acme fell 4%.</p>"#);
    assert_eq!((page.title.as_deref(), page.published), (Some("Acme"), None));
}

#[test]
fn of_several_articles_the_longest_counts() {
    let page = html(
        r#"<body><section><article><h2><a href="/1">Emca up 9%</a></h2><p>Short teaser.</p></article><article><h2><a href="/2">Oil down 2%</a></h2><p>Another teaser.</p></article></section>
<h1>Acme falls</h1><article><p>Acme fell 4% on Monday, and 20% in a month.</p><p>It had gained before.</p></article>
<article><h2>Gold</h2><p>Gold gained 1%.</p></article></body>"#,
    );
    assert_eq!(page.text, "Acme falls\n\nAcme fell 4% on Monday, and 20% in a month.\n\nIt had gained before.\n");
}

#[test]
fn a_story_outside_of_the_article_elements_is_found_by_its_paragraphs() {
    let long = "Acme fell 4% on Monday after a recall of a product that had made a third of its revenue in the past year. ".repeat(3);
    let page = html(&format!(
        r#"<body><div id="wrap"><div class="top"><a href="/">Home</a> <a href="/m">Markets</a></div><h1>Acme falls</h1>
<div class="story"><p>{long}</p><p>{long}</p></div><div class="more"><article><p>Gold gained 1%.</p></article></div></div></body>"#
    ));
    assert_eq!(page.text, format!("Acme falls\n\n{0}\n\n{0}\n", long.trim()));
}

#[test]
fn a_live_blogs_entries_are_kept() {
    let page = html(
        "<article><h1>Markets live</h1><article><h2>10:00</h2><p>The DAX lost 1%.</p></article><article><h2>09:00</h2><p>The DAX opened flat.</p></article></article>",
    );
    assert_eq!(page.text, "Markets live\n\n10:00\n\nThe DAX lost 1%.\n\n09:00\n\nThe DAX opened flat.\n");
}

#[test]
fn amp_pages_lose_their_players_and_advertisements() {
    let page = html(
        r#"<!doctype html><html ⚡ lang=en><head><style amp-boilerplate>body{visibility:hidden}</style></head><body>
<amp-sidebar id=s><ul><li>Menu</li></ul></amp-sidebar><main><h1>Acme falls</h1><amp-ad width=1><p>Buy!</p></amp-ad><p>Acme <bg-quote channel="/q">fell <span class="neg">4%</span></bg-quote>, a low.</p>
<amp-img src=x alt=y></amp-img><amp-consent><p>Cookies</p></amp-consent></main></body></html>"#,
    );
    assert_eq!(page.text, "Acme falls\n\nAcme fell 4%, a low.\n");
}

#[test]
fn a_form_around_the_whole_page_isnt_left_out() {
    let page = html(
        "<body><form id=aspnetForm><div class=sidebar-wrapper><p>Acme fell 4% on Monday.</p></div><div class=nav>Home</div></form></body>",
    );
    assert_eq!(page.text, "Acme fell 4% on Monday.\n");
}

#[test]
fn old_pages_laid_out_with_tables_and_line_ends_keep_their_paragraphs() {
    let long = "Acme Corp. fell 4% on Monday, its largest loss in a month, after it said it would recall a product. ".repeat(2);
    let long = long.trim();
    let page = html(&format!(
        "<TABLE><TR><TD><A HREF=a>Home</A><BR><A HREF=b>News</A></TD><TD><FONT SIZE=2>{long}<BR><BR>{long}<BR>{long}</FONT></TD></TR></TABLE>"
    ));
    assert_eq!(page.text, format!("{long}\n\n{long}\n{long}\n"));
}

#[test]
fn words_of_two_blocks_never_touch_and_inline_elements_add_no_space() {
    let page =
        html("<div>one<div>two</div>three<span>4</span><b>5</b> six</div><p>x<sup>2</sup>&nbsp;y</p><p>&nbsp;</p><pre>a  b\nc</pre>");
    assert_eq!(page.text, "one\n\ntwo\n\nthree45 six\n\nx2\u{a0}y\n\na b\nc\n");
}

#[test]
fn dates_are_read_in_the_forms_that_pages_use() {
    let cases = [
        ("2022-09-05T09:00:00+02:00", instant("2022-09-05T09:00:00+02:00")),
        ("2022-09-05T09:00:00.123Z", instant("2022-09-05T09:00:00.123Z")),
        ("2022-09-05T09:00-0400", instant("2022-09-05T09:00:00-04:00")),
        ("2022-09-05 09:00:00 -0400", instant("2022-09-05T09:00:00-04:00")),
        ("2022-09-05 09:00 UTC", instant("2022-09-05T09:00:00Z")),
        ("20220905T090000Z", instant("2022-09-05T09:00:00Z")),
        ("2022-09-05T09:00+02", instant("2022-09-05T09:00:00+02:00")),
        ("2022-09-05T09:00:00+02:00[Europe/Paris]", instant("2022-09-05T09:00:00+02:00")),
        ("Mon, 05 Sep 2022 09:00:00 GMT", instant("2022-09-05T09:00:00Z")),
        ("Monday, 05 Sep 2022 09:00:00 -0400", instant("2022-09-05T09:00:00-04:00")),
        ("2022-09-05T09:00:00", day(2022, 9, 5)),
        ("2022-09-05 09:00", day(2022, 9, 5)),
        ("2022-09-05 09:00 Europe/Paris", day(2022, 9, 5)),
        ("2022-09-05", day(2022, 9, 5)),
        ("2022/09/05", day(2022, 9, 5)),
        ("20220905", day(2022, 9, 5)),
        ("September 5, 2022", day(2022, 9, 5)),
        ("Sept. 5, 2022", day(2022, 9, 5)),
        ("5 September 2022", day(2022, 9, 5)),
        ("2022-02-30", None),
        ("2022-09-05T25:00Z", None),
        ("2022-09-05T09:00:00+99:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        ("2022", None),
        ("２０２２-09-05", None),
    ];
    for (written, expected) in cases {
        let page = html(&format!(r#"<meta name="date" content="{written}"><p>Acme fell 4%.</p>"#));
        assert_eq!(page.published, expected, "{written}");
    }
}

#[test]
fn the_first_date_in_the_order_of_trust_wins_and_nonsense_is_passed_over() {
    let sources = [
        r#"<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2022-01-01"}</script>"#,
        r#"<meta property="article:published_time" content="2022-01-02">"#,
        r#"<span content="2022-01-03" itemprop="datePublished"></span>"#,
        r#"<meta name="DC.date" content="soon"><meta name="parsely-pub-date" content="2022-01-04">"#,
        r#"<time datetime="2022-01-05">5 January</time>"#,
    ];
    for first in 0..sources.len() {
        let mut shown = sources[first..].to_vec();
        shown.reverse();
        let page = html(&format!("<article><h1>Acme</h1>{}<p>Acme fell 4%.</p></article>", shown.concat()));
        assert_eq!(page.published, day(2022, 1, first as u32 + 1), "{}", sources[first]);
    }
    let page = html(&format!(r#"<meta property="article:published_time" content="{}">{}<p>Acme fell.</p>"#, "n/a", sources[2]));
    assert_eq!(page.published, day(2022, 1, 3));
}

#[test]
fn a_teasers_time_isnt_the_articles() {
    let page = html(
        r#"<aside><time datetime="2020-01-01">1</time></aside><article><h1>Acme</h1><p>Acme fell 4% on Monday.</p></article><section><article><h2><a href=x>Gold</a></h2><time datetime="2021-01-01">2</time></article><article><h2><a href=y>Oil</a></h2><time datetime="2021-01-02">2</time></article></section>"#,
    );
    assert_eq!(page.published, None);
}

#[test]
fn french_pages_in_the_old_encodings_are_read() {
    let page = |charset: &str| {
        format!(
            "<html lang=fr><head>{charset}<title>L’action Acmé chute</title></head><body><article><h1>L’action Acmé chute</h1><p>Le titre a cédé 4,1\u{a0}% à 12,30\u{a0}€ lundi, sa plus forte baisse depuis l’été dernier.</p></article></body></html>"
        )
    };
    let expected = "L’action Acmé chute\n\nLe titre a cédé 4,1\u{a0}% à 12,30\u{a0}€ lundi, sa plus forte baisse depuis l’été dernier.\n";
    let windows = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    for declaration in [
        "<meta charset=windows-1252>",
        "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=iso-8859-1'>",
        "<meta charset='cp1252'/>",
        "",
    ] {
        let read = read_page("une.html", &windows(&page(declaration)), None).unwrap();
        assert_eq!((read.text.as_str(), read.encoding), (expected, "windows-1252"), "{declaration}");
        assert_eq!(read.language.as_deref(), Some("fr"));
    }
    // ISO-8859-15 has the euro sign at 0xA4, and no typographer's apostrophe.
    let plain = page("<meta charset=\"iso-8859-15\">").replace('’', "'");
    let latin_9 = encoding_rs::ISO_8859_15.encode(&plain).0.into_owned();
    assert!(latin_9.contains(&0xa4));
    let read = read_page("une.html", &latin_9, None).unwrap();
    assert_eq!((read.text, read.encoding), (expected.replace('’', "'"), "ISO-8859-15"));
    let text = "Le titre Acmé a cédé 4,1\u{a0}% à 12,30\u{a0}€ lundi, sa plus forte baisse depuis l’été.";
    let read = read_page("une.txt", &windows(text), None).unwrap();
    assert_eq!((read.text.as_str(), read.encoding), (text, "windows-1252"));
}

#[test]
fn utf_16_is_read_with_and_without_its_mark() {
    let text = "Acmé fell 4\u{a0}% – its worst day.";
    let html_page = format!("<!DOCTYPE html><p>{text}</p>");
    for (source, name, expected) in [(text, "a.txt", text.to_owned()), (html_page.as_str(), "-", format!("{text}\n"))] {
        let little: Vec<u8> = source.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = source.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (mark, bytes, encoding) in
            [(&b"\xff\xfe"[..], &little, "UTF-16LE"), (b"", &little, "UTF-16LE"), (b"\xfe\xff", &big, "UTF-16BE"), (b"", &big, "UTF-16BE")]
        {
            let page = read_page(name, &[mark, bytes].concat(), None).unwrap();
            assert_eq!((page.text.as_str(), page.encoding), (expected.as_str(), encoding), "{name}");
        }
    }
}

#[test]
fn utf_8_with_a_stray_byte_or_cut_short_stays_utf_8() {
    let bytes = "Élan, été, à côté : l’action a cédé 4\u{a0}% — son plus bas".as_bytes();
    let page = read_page("a.txt", &bytes[..bytes.len() - 1], None).unwrap();
    assert_eq!(page.encoding, "UTF-8");
    let cut = [bytes, b" \xc3"].concat();
    let page = read_page("a.txt", &cut, None).unwrap();
    assert_eq!((page.encoding, page.text.ends_with("bas \u{fffd}")), ("UTF-8", true));
}

#[test]
fn plain_text_is_untouched_but_for_its_mark_and_line_ends() {
    let page = read_page("a.txt", b"\xef\xbb\xbfAcme  fell 4&nbsp;%.\r\n\r\n\tIt <b>rose</b>\xc2\xad before. \n", None).unwrap();
    assert_eq!(page.text, "Acme  fell 4&nbsp;%.\n\n\tIt <b>rose</b>\u{ad} before. \n");
    assert_eq!((page.title, page.published, page.encoding), (None, None, "UTF-8"));
    let zero = format!("{}\0 end", "Acme fell 4 %. ".repeat(20));
    assert!(!read_page("a.txt", zero.as_bytes(), None).unwrap().text.contains('\0'));
    let zero = format!("<p>{}\0&#0; end</p>", "Acme fell 4 %. ".repeat(20));
    assert!(!html(&zero).text.contains('\0'));
}

#[test]
fn markdown_is_its_text_and_its_front_matter_its_facts() {
    let markdown = "---\ntitle: \"Acme: down\" # draft\ndate: 2022-09-05T09:00:00+02:00\ntags:\n  - date: 2001-01-01\nlang: en\n---\n# Acme *falls*\n\nAcme [fell](https://example.org/20%25) **4&nbsp;%**\non Monday.\\\nIt was bad.\n\n- one\n- two\n  - three\n\n| Stock | Week |\n|---|---|\n| ACME | -12 % |\n\n```\nlet fall = 99;\n```\n\n![chart down 50%](c.png)\n\n<div><p>Raw &amp; more</p><script>x</script></div>\n\n> Said `one`.\n";
    let page = read_page("a.md", markdown.as_bytes(), None).unwrap();
    assert_eq!(
        page.text,
        "Acme falls\n\nAcme fell 4\u{a0}% on Monday.\nIt was bad.\n\none\ntwo\nthree\n\nStock\tWeek\nACME\t-12 %\n\nRaw & more\n\nSaid one.\n"
    );
    assert_eq!(page.title.as_deref(), Some("Acme: down"));
    assert_eq!(page.published, instant("2022-09-05T09:00:00+02:00"));
    assert_eq!(page.language.as_deref(), Some("en"));
    let toml =
        read_page("a.markdown", b"+++\r\ntitle = 'Acme'\r\ndate = 2022-09-05\r\n[extra]\r\nx = 1\r\n+++\r\nAcme fell 4 %.\r\n", None)
            .unwrap();
    assert_eq!((toml.text.as_str(), toml.title.as_deref(), toml.published), ("Acme fell 4 %.\n", Some("Acme"), day(2022, 9, 5)));
    let plain = read_page("a.md", b"---\n\nAcme\n====\n\nIt fell.", None).unwrap();
    assert_eq!((plain.title.as_deref(), plain.text.as_str()), (Some("Acme"), "Acme\n\nIt fell.\n"));
}

#[test]
fn what_isnt_text_is_named() {
    let binary: Vec<u8> = (0..=255_u8).cycle().take(4096).collect();
    let cases: [(&[u8], &str); 7] = [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\x1f\x8b\x08\0", "a gzip archive"),
        (b"PAR1\x15\x04\x15\0", "a Parquet file"),
        (b"PK\x03\x04\x14\0", "a ZIP archive"),
        (b"\0\0\0\x20ftypheic", "a film"),
        (&binary, "binary data"),
    ];
    for (bytes, expected) in cases {
        let error = read_page("a.html", bytes, None).unwrap_err();
        assert!(matches!(error, PageError::NotText { .. }));
        let message = error.to_string();
        assert!(message.starts_with(&format!("a.html is {expected}")) && error.help().contains("save the article"), "{message}");
    }
    let text = "BZh is no word, PAR1 neither.";
    assert_eq!(read_page("a.txt", text.as_bytes(), None).unwrap().text, text);
    assert_eq!(read_page("a.txt", b"PAR1 is a word here.", None).unwrap().text, "PAR1 is a word here.");
}

#[test]
fn nothing_to_read_is_an_error_of_its_own() {
    let cases: [(&str, &[u8], &str); 5] = [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\xef\xbb\xbf \r\n\t", "holds nothing but white space"),
        (
            "a.html",
            b"<html><head><title>Acme falls</title></head><body><div id=root></div><script>x</script></body></html>",
            "has no text in its body",
        ),
        ("a.html", b"<body><nav>Home</nav><p hidden>Acme</p></body>", "has no text in its body"),
        ("a.md", b"---\ntitle: Acme\n---\n", "has no text in its body"),
    ];
    for (name, bytes, expected) in cases {
        let error = read_page(name, bytes, None).unwrap_err();
        assert!(matches!(error, PageError::Empty { .. }));
        assert_eq!(error.to_string(), format!("{name} {expected}"));
    }
}

#[test]
fn a_file_past_the_limit_is_an_error_that_says_its_size() {
    let error = read_page("a.html", &vec![b' '; MAX_PAGE_BYTES + 1], None).unwrap_err();
    assert!(error.to_string().contains("67108865 bytes, more than the 64 MiB"), "{error}");
}

#[test]
fn elements_nested_a_hundred_thousand_deep_dont_overflow_a_small_stack() {
    let read = || {
        for (start, end) in [
            ("<div>", "</div>"),
            ("<ul><li>", "</li></ul>"),
            ("<b class=x>", ""),
            ("<table><tr><td>", ""),
            ("<svg><g>", ""),
            ("<blockquote hidden=''>", ""),
        ] {
            let page =
                format!("<p>Acme fell 4% on Monday.</p>{}deep{}<p>And 20% in a month.</p>", start.repeat(100_000), end.repeat(100_000));
            let read = read_page("deep.html", page.as_bytes(), None).unwrap();
            assert!(read.text.starts_with("Acme fell 4% on Monday."), "{start}: {}", read.text);
            assert!(end.is_empty() || read.text.ends_with("And 20% in a month.\n"), "{start}: {}", read.text);
        }
        let json = format!(r#"<script type="application/ld+json">{}</script><p>Acme fell.</p>"#, r#"{"@graph":["#.repeat(100_000));
        assert_eq!(html(&json).text, "Acme fell.\n");
        let markdown = format!("{}Acme fell.{}", "> ".repeat(20_000), "*".repeat(20_000));
        assert!(read_page("deep.md", markdown.as_bytes(), None).unwrap().text.starts_with("Acme fell."));
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(read).unwrap().join().unwrap();
}

#[test]
fn a_page_cut_anywhere_or_with_any_byte_changed_never_panics() {
    let mut bytes = WIRE.as_bytes().to_vec();
    for end in (0..bytes.len()).step_by(7) {
        let _ = read_page("cut.html", &bytes[..end], None);
    }
    for place in (0..bytes.len()).step_by(11) {
        let before = bytes[place];
        bytes[place] = [b'<', b'>', b'"', 0xff, 0, b'/', b'&'][place % 7];
        // A `</script>` that lost its end swallows the rest, in browsers too.
        if let Ok(page) = read_page("-", &bytes, Some(PageFormat::Html)) {
            assert!(!page.text.contains('\0'));
        }
        let _ = read_page("-", &bytes, Some(PageFormat::Markdown));
        bytes[place] = before;
    }
    for soup in [
        "<",
        "</",
        "<p",
        "<p x=",
        "<!",
        "</p>",
        "&",
        "&#",
        "&#xffffffff;",
        "<p></b></i></p></div></html>x",
        "<a><a><td></tr><li></table>x",
        "<h1></h2>x<h3>y</h1>",
    ] {
        let _ = read_page("soup.html", soup.as_bytes(), None);
    }
}

#[test]
fn the_same_bytes_give_the_same_page() {
    assert_eq!(html(WIRE), html(WIRE));
}
