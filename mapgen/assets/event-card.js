/**
 * The card of one event, made from its texts: when, where, who, text, accounts, sources.
 *
 * @class L.EventCard
 */
L.EventCard = L.Class.extend({

	options: {
		// function (i): the address that links to event i, and how event i is cited.
		link: null,
		cite: null,
		// function (i): opens event i wherever it is; function (tag): shows only the events of a tag.
		choose: null,
		tag: null,
		// Where errors are reported, `https:` or `mailto:`; empty for nowhere.
		report: ''
	},

	initialize: function (clock, symbols, parts, texts, options) {
		L.setOptions(this, options);
		this.clock = clock;
		this.symbols = symbols;
		this.layers = parts.layers;
		this.groups = parts.groups;
		this.texts = texts;
		this.container = L.Texts.make('section.mg-card', {tabindex: -1});
	},

	/**
	 * Shows event i as one of a list.
	 * @param among indices that previous and next page through
	 * @param here whether they are the events of one spot
	 */
	show: function (i, among, here) {
		var at = among.indexOf(i), t = this.texts, layer = this.layers[this.clock.events.layer[i]], pressed = document.activeElement.title;
		pressed = this.container.contains(document.activeElement) && pressed;
		this.index = i;
		this._among = [among, here];
		this.container.setAttribute('aria-label', t.title(i));
		this.container.replaceChildren(this._tools(at, among, here), L.Texts.make('div.mg-card-in', {}, [
			L.Texts.make('p.mg-category', {}, [
				this.symbols.svg(layer.symbol, {size: 20, hue: layer.hue, possible: this.clock.state[i] === 1}), t.name(layer.name)
			]),
			L.Texts.make('h2', {id: 'mg-told', lang: t.foreign(i)}, t.title(i)), this._facts(i), t.text(i), this._accounts(i), this._sources(i), this._tags(i), this._acts(i), this._also(i), this._others(i)
		].filter(Boolean)));
		this.container.scrollTop = 0;
		// Who pages through keeps the button, which tells the new title.
		if (pressed) { this.container.querySelectorAll('.mg-card-tools [title]').forEach(function (button) { if (button.title === pressed) { button.focus(); } }); }
	},

	/** Tells the card that is open in the language that the texts now speak; it stays where it was scrolled to. */
	retell: function () {
		var top = this.container.scrollTop;
		if (this.clock.selected < 0 || this.clock.selected !== this.index) { return; }
		this.show(this.index, this._among[0], this._among[1]);
		this.container.scrollTop = top;
	},

	_tools: function (at, among, here) {
		var t = this.texts, clock = this.clock, make = L.Texts.make, go = function (d) {
			return function () { clock.select(among[(at + d + among.length) % among.length]); };
		}, button = function (icon, word, action) {
			return make('button.mg-button.mg-plain', {type: 'button', 'aria-label': t.word(word), title: t.word(word), 'aria-describedby': 'mg-told', on: {click: action}}, L.Texts.icon(icon));
		}, close = function () { clock.select(-1); };
		return make('div.mg-card-tools', {}, [
			make('button.mg-button.mg-plain.mg-back', {type: 'button', on: {click: close}}, [L.Texts.icon('previous', 16), t.word('list')]),
			make('span.mg-of', {}, at < 0 ? '' : t.word(here ? 'here_of' : 'event_of', {n: at + 1, total: among.length})),
			among.length > 1 ? button('previous', 'previous', go(-1)) : null, among.length > 1 ? button('next', 'next', go(1)) : null,
			button('close', 'close', close)
		]);
	},

	_facts: function (i) {
		var t = this.texts, make = L.Texts.make, list = make('dl.mg-facts'),
		    add = function (word, text) { if (text) { list.append(make('dt', {}, t.word(word)), make('dd', {}, text)); } };
		add('when', [t.when(i), t.disputed(i) ? make('span.mg-dim', {}, t.word('aside', {a: '', b: t.word('disputed')})) : null].filter(Boolean));
		add('where', t.where(i));
		add('who', t.actors(i).join('; '));
		return list;
	},

	/** What accounts differ on: the values, who gives them, where. */
	_accounts: function (i) {
		var t = this.texts, make = L.Texts.make, self = this, groups = t.accounts(i);
		return groups.length ? make('div.mg-accounts', {}, [make('h3', {}, t.word('accounts'))].concat(groups.map(function (group) {
			return make('dl', {}, [make('dt', {}, group.about)].concat(group.rows.map(function (row) {
				return make('dd', {}, [self._told(row.value), ' ', make('i', {}, self._named(row.refs)), row.note ? make('small', {}, self._told(row.note)) : null]);
			})));
		}))) : null;
	},

	_told: function (text) {
		return text.lang === this.texts.language ? text.text : L.Texts.make('span', {lang: text.lang}, text.text);
	},

	/** Sources in a word or two, each leading to its page where it has one, with their locators. */
	_named: function (refs) {
		var out = [], t = this.texts;
		refs.forEach(function (ref, k) {
			var source = t.source(ref[0]), name = L.Texts.brief(source);
			if (k) { out.push('; '); }
			out.push(source.url ? L.EventCard.away(L.Texts.make('a', {href: source.url}, name)) : name);
			if (ref[1]) { out.push(', ' + ref[1]); }
		});
		return out;
	},

	_sources: function (i) {
		var t = this.texts, make = L.Texts.make, items = t.refs(i).map(function (ref) {
			var source = t.source(ref[0]), title = make('cite', {}, source.title), rest = [source.publisher, source.year].filter(Boolean).join(', '),
			    locator = ref[1] === null ? t.word('not_seen') : ref[1];
			return make('li', {}, [source.author ? source.author + ', ' : null, source.url ? L.EventCard.away(make('a', {href: source.url}, title)) : title,
				rest ? ', ' + rest : null, locator ? make('span.mg-dim', {}, ', ' + locator) : null]);
		});
		return make('div.mg-sources', {}, [make('h3', {}, t.word('sources')), make('ul', {}, items)]);
	},

	/** Themes of the event that have a name, each a filter. */
	_tags: function (i) {
		var events = this.clock.events, t = this.texts, tag = this.options.tag, named = events.tag[i].filter(function (k) { return t.tag(k); }), make = L.Texts.make;
		return tag && named.length ? make('p.mg-tags', {}, named.map(function (k) {
			return make('button.mg-chip', {type: 'button', title: t.word('tag_only'), on: {click: function () { tag(events.tags[k]); }}}, t.tag(k));
		})) : null;
	},

	/** Link, citation, report of an error. */
	_acts: function (i) {
		var t = this.texts, o = this.options, make = L.Texts.make, box = make('div.mg-handed'), hand = function (word, text) {
			return make('button.mg-button', {type: 'button', on: {click: function () {
				box.replaceChildren(L.SharePanel.copy(t, t.word(word), text(i), word === 'link' ? 2 : 4));
				box.querySelector('button').click();
			}}}, t.word(word));
		};
		return o.link ? make('div.mg-acts', {}, [hand('link', o.link), hand('cite', o.cite), o.report ? this._report(i) : null, box]) : null;
	},

	_report: function (i) {
		var t = this.texts, report = this.options.report, about = this.clock.events.id[i] + ': ' + t.title(i);
		return L.EventCard.away(L.Texts.make('a.mg-button', {href: /^mailto:/i.test(report) ? report + (report.indexOf('?') < 0 ? '?' : '&') + 'subject=' + encodeURIComponent(about) : report}, t.word('report')));
	},

	/** What else happened at the same place. */
	_also: function (i) {
		var events = this.clock.events, place = events.place[i];
		if (place < 0 || events.precision[i] > 1) { return null; }
		return this._more(this.texts.word('also_here'), i, function (k) { return events.place[k] === place; }, true);
	},

	/** What else those did who took part: a list for each of them, made when it is opened. */
	_others: function (i) {
		var events = this.clock.events, names = this.texts.actors(i), self = this, lists = events.actors[i].map(function (person, k) {
			return self._more(names[k], i, function (other) { return events.actors[other].indexOf(person) >= 0; });
		}).filter(Boolean);
		return lists.length ? L.Texts.make('div', {}, [L.Texts.make('h3', {}, this.texts.word('also_they'))].concat(lists)) : null;
	},

	/** The other events that pass a test, in the order of time: open under a heading, or folded with their count. */
	_more: function (name, i, passes, open) {
		var make = L.Texts.make, found = [], list = make('ul'), self = this, fill = function () {
			if (!list.firstChild) { list.append.apply(list, found.map(function (k) { return make('li', {}, self._other(k)); })); }
		};
		for (var k = 0; k < this.clock.n; k++) { if (k !== i && passes(k)) { found.push(k); } }
		if (!found.length) { return null; }
		found.sort(L.bind(this.clock.before, this.clock));
		if (open && found.length <= 12) { fill(); } else { open = false; }
		return make('details.mg-also', {open: open ? '' : null, on: {toggle: fill}}, [make('summary', {}, [name, make('span', {}, String(found.length))]), list]);
	},

	_other: function (k) {
		var t = this.texts, layer = this.layers[this.clock.events.layer[k]], make = L.Texts.make, choose = this.options.choose;
		return make('button.mg-row', {type: 'button', on: {click: function () { choose(k); }}}, [
			this.symbols.svg(layer.symbol, {size: 18, hue: layer.hue}), make('span.mg-row-text', {}, [
				make('span.mg-row-title', {lang: t.foreign(k)}, t.title(k)), make('span.mg-row-more', {}, t.when(k))
			])
		]);
	}
});

/** Lets a link open a page of its own that knows nothing of this one. */
L.EventCard.away = function (a) {
	a.target = '_blank';
	a.rel = 'noopener noreferrer nofollow';
	return a;
};

L.eventCard = function (clock, symbols, parts, texts, options) {
	return new L.EventCard(clock, symbols, parts, texts, options);
};
