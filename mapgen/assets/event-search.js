/**
 * The search: a field, and under it the events that hold every word typed, grouped by phase. Arrow keys walk through
 * them while the focus stays in the field.
 *
 * @class L.EventSearch
 */
L.EventSearch = L.Class.extend({

	options: {
		// Fewest characters that are looked for.
		least: 2,
		// Most rows that are shown; the rest is counted.
		most: 200,
		// Characters of a text that are shown around what was found in it.
		around: 36
	},

	/**
	 * @param list makes the symbols of rows: {clock, symbols, layers, texts}
	 * @param acts {choose: function (i), only: function (text), change: function (whether results are shown)}
	 */
	initialize: function (list, acts, options) {
		L.setOptions(this, options);
		this.list = list;
		this.clock = list.clock;
		this.texts = list.texts;
		this.acts = acts;
		this.found = [];
		this.field = L.Texts.make('input', {
			type: 'text', enterkeyhint: 'search', role: 'combobox', autocomplete: 'off', spellcheck: 'false', maxlength: 200, 'aria-autocomplete': 'list', 'aria-expanded': 'false',
			'aria-controls': 'mg-found', on: {input: L.bind(this._typed, this), keydown: L.bind(this._onKey, this)}
		});
		this._clear = L.Texts.make('button.mg-button.mg-plain', {type: 'button', hidden: '', on: {click: L.bind(function () { this.clear(); this.field.focus(); }, this)}}, L.Texts.icon('close', 14));
		this.box = L.Texts.make('div.mg-select.mg-search', {on: {click: L.bind(function () { this.field.focus(); }, this)}}, [L.Texts.icon('search', 17), this.field, this._clear]);
		this.container = L.Texts.make('section.mg-results', {hidden: '', on: {
			click: L.bind(this._onClick, this), pointerover: L.bind(function (e) { this.clock.hover(this._indexOf(e.target)); }, this),
			pointerleave: L.bind(function () { this.clock.hover(-1); }, this)
		}});
	},

	/** Writes all words again, in the language that the texts now speak. */
	relabel: function () {
		this.field.placeholder = this.texts.word('search.field');
		this.field.setAttribute('aria-label', this.texts.word('search.field'));
		this._clear.setAttribute('aria-label', this.texts.word('search.clear'));
		if (this.open) { this._show(); }
	},

	/** Empties the field and shows no results. */
	clear: function () {
		this.field.value = '';
		this._typed();
	},

	_typed: function () {
		var text = this.field.value.trim(), open = text.length >= this.options.least, was = this.open;
		this.open = open;
		this._needles = L.Texts.fold(text).split(/\s+/).filter(Boolean);
		if (open) { this._show(); }
		this.container.hidden = !open;
		this._clear.hidden = !this.field.value;
		this.field.setAttribute('aria-expanded', open);
		if (!open) { this._mark(-1); }
		if (open !== was) { this.acts.change(open); }
	},

	_show: function () {
		var t = this.texts, make = L.Texts.make, events = this.clock.events, needles = this._needles, text = this.field.value.trim(), groups = this.clock.phases.map(function () { return []; });
		this.found = [];
		for (var i = 0; i < this.clock.n; i++) {
			if (needles.every(function (needle) { return t.haystack(i).indexOf(needle) >= 0; })) { this.found.push(i); }
		}
		this.found.sort(L.bind(this.clock.before, this.clock));
		this.found.forEach(function (k) { groups[this.clock.phase(events.firstStep[k])].push(k); }, this);
		this._left = this.options.most;
		this._box = make('div.mg-found', {id: 'mg-found', role: 'listbox', 'aria-label': t.word('search.results')}, groups.map(this._group, this));
		this.container.replaceChildren(make('p.mg-found-many', {role: 'status'}, this.found.length ? t.count('search.many', this.found.length) : t.word('search.none', {text: text})),
			this.found.length ? make('button.mg-button.mg-found-only', {type: 'button', on: {click: L.bind(this.acts.only, this, text)}}, t.word('search.only')) : '', this._box);
		this._mark(-1);
	},

	_group: function (found, k) {
		var name = this.texts.name(this.clock.phases[k].name), shown = found.slice(0, Math.max(0, this._left)), make = L.Texts.make;
		this._left -= shown.length;
		return found.length ? make('div', {role: 'group', 'aria-label': name}, [make('h2', {'aria-hidden': 'true'}, [name, make('span', {}, String(found.length))])]
			.concat(shown.map(this._option, this), shown.length < found.length ? make('p.mg-none', {'aria-hidden': 'true'}, this.texts.word('search.more', {n: found.length - shown.length})) : [])) : '';
	},

	_option: function (i) {
		var t = this.texts, layer = this.list.layers[this.clock.events.layer[i]], title = t.title(i), make = L.Texts.make;
		return make('div.mg-row', {role: 'option', id: 'mg-found-' + i, 'data-i': i, 'aria-selected': 'false'}, [
			this.list.symbols.svg(layer.symbol, {size: 20, hue: layer.hue}), make('span.mg-row-text', {}, [
				make('span.mg-row-title', {lang: t.foreign(i)}, this._marked(title)),
				make('span.mg-row-more', {}, [t.when(i), t.place(i)].filter(Boolean).join(' · ')), this._where(i, title)
			])
		]);
	},

	/** Where event i says what its title does not: the words around it; null when the title says it all. */
	_where: function (i, title) {
		var bare = L.Texts.fold(title), needle = this._needles.find(function (word) { return bare.indexOf(word) < 0; }), around = this.options.around, text, at, from, to,
		    holds = function (one) { return L.Texts.fold(one).indexOf(needle) >= 0; }, t = this.texts, own = [t.title(i), t.text(i).textContent], all = t.strings(i), lang = null;
		if (!needle) { return null; }
		text = own.find(holds);
		if (text === undefined) {
			text = all.find(holds);
			// Titles and texts stand first, language by language; the rest is of none.
			lang = t.data.languages[Math.floor(all.indexOf(text) / 2)] || null;
		}
		at = L.Texts.fold(text).indexOf(needle);
		from = at > around ? text.indexOf(' ', at - around) + 1 : 0;
		to = text.length > at + needle.length + around ? text.lastIndexOf(' ', at + needle.length + around) : text.length;
		return L.Texts.make('span.mg-row-more.mg-snippet', {lang: lang}, this._marked((from ? '… ' : '') + text.slice(Math.min(from, at), Math.max(to, at + needle.length)) + (to < text.length ? ' …' : '')));
	},

	/** A text with the words that were typed marked in it. */
	_marked: function (text) {
		var bare = L.Texts.fold(text), out = [], at = 0, next = function (from) {
			return this._needles.map(function (needle) { return [bare.indexOf(needle, from), needle.length]; }).filter(function (hit) { return hit[0] >= 0; })
				.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; })[0];
		};
		// Where folding changes the length, places cannot be told.
		if (bare.length !== text.length) { return text; }
		for (var hit = next.call(this, 0); hit; hit = next.call(this, at)) {
			out.push(text.slice(at, hit[0]), L.Texts.make('mark', {}, text.slice(hit[0], hit[0] + hit[1])));
			at = hit[0] + hit[1];
		}
		return out.concat(text.slice(at));
	},

	_indexOf: function (target) {
		var row = target.closest('.mg-row');
		return row ? +row.dataset.i : -1;
	},

	_onClick: function (e) {
		var i = this._indexOf(e.target);
		if (i >= 0) { this.acts.choose(i); }
	},

	_onKey: function (e) {
		var rows = this._box && this.open ? this._box.querySelectorAll('.mg-row') : [], n = rows.length, at = this._at,
		    to = {ArrowDown: at + 1, ArrowUp: at < 0 ? n - 1 : at - 1, PageDown: Math.min(n - 1, at + 8), PageUp: Math.max(0, at - 8)}[e.key];
		if (e.key === 'Escape' && this.field.value) {
			this.clear();
			e.stopPropagation();
		} else if (e.key === 'Enter' && n) {
			this.acts.choose(+rows[Math.max(0, at)].dataset.i);
		} else if (to !== undefined && n) {
			this._mark((to + n) % n);
		} else { return; }
		e.preventDefault();
	},

	/** Makes the k-th row the one that Enter chooses. */
	_mark: function (k) {
		var rows = this._box ? this._box.querySelectorAll('.mg-row') : [], row = rows[k];
		if (rows[this._at]) { rows[this._at].setAttribute('aria-selected', 'false'); }
		this._at = k;
		this.clock.hover(row ? +row.dataset.i : -1);
		if (row) {
			row.setAttribute('aria-selected', 'true');
			row.scrollIntoView({block: 'nearest'});
			this.field.setAttribute('aria-activedescendant', row.id);
		} else { this.field.removeAttribute('aria-activedescendant'); }
	}
});

/** @factory L.eventSearch(list, acts, options) */
L.eventSearch = function (list, acts, options) {
	return new L.EventSearch(list, acts, options);
};
