/**
 * The card of one event, read from its article in the chronology: when, where, who, text, accounts, sources.
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
		var at = among.indexOf(i), t = this.texts, layer = this.layers[this.clock.events.layer[i]];
		this.index = i;
		this.container.setAttribute('aria-label', t.title(i));
		this.container.replaceChildren(this._tools(at, among, here), L.Texts.make('div.mg-card-in', {}, [
			L.Texts.make('p.mg-category', {}, [
				this.symbols.svg(layer.symbol, {size: 20, hue: layer.hue, possible: this.clock.state[i] === 1}), t.name(layer.name)
			]),
			L.Texts.make('h2', {}, t.title(i)), this._facts(i), this._text(i), this._accounts(i), this._sources(i), this._acts(i), this._also(i)
		].filter(Boolean)));
		this.container.scrollTop = 0;
	},

	_tools: function (at, among, here) {
		var t = this.texts, clock = this.clock, make = L.Texts.make, go = function (d) {
			return function () { clock.select(among[(at + d + among.length) % among.length]); };
		}, button = function (icon, word, action) {
			return make('button.mg-button.mg-plain', {type: 'button', 'aria-label': t.word(word), title: t.word(word), on: {click: action}}, L.Texts.icon(icon));
		}, close = function () { clock.select(-1); };
		return make('div.mg-card-tools', {}, [
			make('button.mg-button.mg-plain.mg-back', {type: 'button', on: {click: close}}, [L.Texts.icon('previous', 16), t.word('list')]),
			make('span.mg-of', {}, at < 0 ? '' : t.word(here ? 'here_of' : 'event_of', {n: at + 1, total: among.length})),
			among.length > 1 ? button('previous', 'previous', go(-1)) : null, among.length > 1 ? button('next', 'next', go(1)) : null,
			button('close', 'close', close)
		]);
	},

	_facts: function (i) {
		var t = this.texts, events = this.clock.events, make = L.Texts.make, part = t.part(i), list = make('dl.mg-facts'),
		    add = function (word, text) { if (text) { list.append(make('dt', {}, t.word(word)), make('dd', {}, text)); } };
		add('when', [t.when(i), t.disputed(i) ? make('span.mg-dim', {}, ' (' + t.word('disputed') + ')') : null].filter(Boolean));
		add('where', part.querySelector('.p').textContent);
		add('who', events.actors[i].map(function (k) {
			return L.Texts.child(t.find('person-' + events.people[k]), t.language).querySelector('b').textContent;
		}).join('; '));
		return list;
	},

	/** A copy of the article's text; it was made clean when the page was built. */
	_text: function (i) {
		var copy = this.texts.part(i).querySelector('.t').cloneNode(true);
		copy.className = 'mg-text';
		return copy;
	},

	_accounts: function (i) {
		var lists = this.texts.article(i).querySelectorAll('.c'), self = this;
		if (!lists.length) { return null; }
		return L.Texts.make('div.mg-accounts', {}, [L.Texts.make('h3', {}, this.texts.word('accounts'))].concat(
			Array.prototype.map.call(lists, function (list) { return self._clean(list); })));
	},

	/** A copy in which each source that the article names leads to its page, where it has one. */
	_clean: function (node) {
		var copy = node.cloneNode(true), t = this.texts;
		copy.removeAttribute('id');
		Array.prototype.forEach.call(copy.querySelectorAll('a[href^="#s-"]'), function (a) {
			var link = t.find(a.getAttribute('href').slice(1)).querySelector('a');
			if (!link) { a.replaceWith(a.textContent); return; }
			a.href = link.href;
			L.EventCard.away(a);
		});
		return copy;
	},

	_sources: function (i) {
		var t = this.texts, items = Array.prototype.map.call(t.article(i).querySelectorAll('.s > li'), function (li) {
			var source = t.find(li.querySelector('a').getAttribute('href').slice(1)), row = this._clean(source);
			Array.prototype.forEach.call(row.querySelectorAll('a'), L.EventCard.away);
			var rest = Array.prototype.slice.call(li.childNodes, 1).map(function (n) { return n.cloneNode(true); });
			return L.Texts.make('li', {}, Array.prototype.slice.call(row.childNodes).concat(rest.length ? [L.Texts.make('span.mg-dim', {}, [', '].concat(rest))] : []));
		}, this);
		return L.Texts.make('div.mg-sources', {}, [L.Texts.make('h3', {}, t.word('sources')), L.Texts.make('ul', {}, items)]);
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
					L.Texts.make('span.mg-row-title', {}, t.title(k)), L.Texts.make('span.mg-row-more', {}, t.when(k))
				])
			]));
		}))]);
	}
});

/** Lets a link open a page of its own that knows nothing of this one. */
L.EventCard.away = function (a) {
	a.target = '_blank';
	a.rel = 'noopener noreferrer nofollow';
};

L.eventCard = function (clock, symbols, parts, texts, options) {
	return new L.EventCard(clock, symbols, parts, texts, options);
};
