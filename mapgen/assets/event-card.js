/**
 * The card of one event, made from its texts: when, where, who, text, accounts, sources.
 *
 * @class L.EventCard
 */
L.EventCard = L.Class.extend({

	options: {
		// function (i): the address that links to event i.
		link: null
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
		this.container.setAttribute('aria-label', t.title(i));
		this.container.replaceChildren(this._tools(at, among, here), L.Texts.make('div.mg-card-in', {}, [
			L.Texts.make('p.mg-category', {}, [
				this.symbols.svg(layer.symbol, {size: 20, hue: layer.hue, possible: this.clock.state[i] === 1}), t.name(layer.name)
			]),
			L.Texts.make('h2', {id: 'mg-told', lang: t.foreign(i)}, t.title(i)), this._facts(i), t.text(i), this._accounts(i), this._sources(i), this._acts(i), this._also(i)
		].filter(Boolean)));
		this.container.scrollTop = 0;
		// Who pages through keeps the button, which tells the new title.
		if (pressed) { this.container.querySelectorAll('.mg-card-tools [title]').forEach(function (button) { if (button.title === pressed) { button.focus(); } }); }
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
		add('when', [t.when(i), t.disputed(i) ? make('span.mg-dim', {}, ' (' + t.word('disputed') + ')') : null].filter(Boolean));
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

	_acts: function (i) {
		var t = this.texts, link = this.options.link, button;
		if (!link) { return null; }
		button = L.Texts.make('button.mg-button', {type: 'button', on: {click: function () {
			navigator.clipboard.writeText(link(i)).then(function () { button.textContent = t.word('copied'); }, function () { location.hash = link(i).split('#')[1]; });
		}}}, t.word('link'));
		return L.Texts.make('div.mg-acts', {}, button);
	},

	/** What else happened at the same place. */
	_also: function (i) {
		var events = this.clock.events, t = this.texts, place = events.place[i], self = this, rows = [];
		for (var k = 0; k < this.clock.n; k++) {
			if (k !== i && place >= 0 && events.place[k] === place) { rows.push(k); }
		}
		if (!rows.length || events.precision[i] > 1) { return null; }
		rows.sort(function (a, b) { return events.first[a] - events.first[b]; });
		return L.Texts.make('div.mg-also', {}, [L.Texts.make('h3', {}, t.word('also_here')), L.Texts.make('ul', {}, rows.slice(0, 12).map(function (k) {
			var layer = self.layers[events.layer[k]];
			return L.Texts.make('li', {}, L.Texts.make('button.mg-row', {type: 'button', on: {click: function () { self.clock.select(k); }}}, [
				self.symbols.svg(layer.symbol, {size: 18, hue: layer.hue}), L.Texts.make('span.mg-row-text', {}, [
					L.Texts.make('span.mg-row-title', {lang: t.foreign(k)}, t.title(k)), L.Texts.make('span.mg-row-more', {}, t.when(k))
				])
			]));
		}))]);
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
