/**
 * The day's list: what the step brings, the visible events as rows. The map's equal: whatever a mark tells, a row does.
 *
 * @class L.EventList
 */
L.EventList = L.Class.extend({

	/** @param symbols draws a layer's symbol; @param layers [{symbol, hue}] */
	initialize: function (clock, symbols, layers, texts) {
		this.clock = clock;
		this.symbols = symbols;
		this.layers = layers;
		this.texts = texts;
		this.sentence = L.Texts.make('p.mg-sentence');
		// What is spoken at each step, whether the list is seen or not.
		this.told = L.Texts.make('div.mg-told', {role: 'status'}, this.sentence);
		this.container = L.Texts.make('div.mg-list', {tabindex: -1});
		this._rows = new Map();
		// Rows made so far, by event: a step shows most of them again.
		this._made = new Map();
		clock.on('change', this.redraw, this).on('hover', this._ring, this);
		this.container.addEventListener('pointerover', L.bind(function (e) { clock.hover(this._indexOf(e.target)); }, this));
		this.container.addEventListener('pointerleave', function () { clock.hover(-1); });
		this.container.addEventListener('click', L.bind(this._onClick, this));
		this.container.addEventListener('scroll', L.bind(function () { this._scrolled = true; }, this), {passive: true});
	},

	/** Asks for one drawing in the next animation frame; a list that is not seen waits until it is. */
	redraw: function () {
		if (!this._frame) { this._frame = L.Util.requestAnimFrame(this.draw, this); }
	},

	draw: function () {
		var at = this._told !== this.texts.language && this._scrolled && this._place();
		this._frame = null;
		this._told = this.texts.language;
		this._say();
		if (!this.seen) { return; }
		var held = this.container.contains(document.activeElement) && document.activeElement;
		this._rows.clear();
		this.container.replaceChildren.apply(this.container, this._sections(this._groups()));
		at = at && this._rows.has(at.i) && at;
		// Asking for the scroll lays the page out: only a list that was scrolled is put back to its top.
		if (this._scrolled) { this.container.scrollTop = at ? this._rows.get(at.i).offsetTop - this.container.offsetTop - at.above : 0; }
		this._scrolled = !!at;
		// A row that is put back has lost the focus; one that went gives it to the first.
		if (held) { (held.isConnected ? held : this._first()).focus({preventScroll: held.isConnected}); }
	},

	_first: function () { return this._rows.values().next().value || this.container; },

	/** The first row that is seen and how far it lies below the upper edge: in another language the list stays at it. */
	_place: function () {
		var top = this.container.scrollTop + this.container.offsetTop, found = Array.from(this._rows).find(function (pair) { return pair[1].offsetTop + pair[1].offsetHeight > top; });
		return found && {i: found[0], above: found[1].offsetTop - top};
	},

	/** Visible events under their three headings: new on this step in the order of time, going on and just before the latest first. */
	_groups: function () {
		var groups = [[], [], []], clock = this.clock, i, k;
		for (k = clock.n - 1; k >= 0; k--) {
			i = clock.order[k];
			if (clock.state[i]) { groups[clock.age[i] ? 2 : clock.isNew(i) ? 0 : 1].push(i); }
		}
		groups.forEach(function (group, g) { group.sort(function (a, b) { return (g ? -1 : 1) * clock.before(a, b); }); });
		return groups;
	},

	/** The indices in the order of the list, by which the card goes on. */
	shown: function () {
		return [].concat.apply([], this._groups());
	},

	/** Tells whether the list can be seen; one that cannot is not drawn. */
	setSeen: function (seen) {
		this.seen = seen;
		if (seen) { this.draw(); }
	},

	_say: function () {
		var clock = this.clock, news = clock.diff(clock.index - 1, clock.index, 'step'), step = this.texts.step(clock.index),
		    t = this.texts, text = t.word('sentence', {
		        'new': t.count('news.new', news.fresh.length), ended: t.count('news.ended', news.ended.length), on: t.count('news.on', news.on.length)
		    });
		this.sentence.replaceChildren(L.Texts.make('b', {}, t.word('lead', {date: this.texts.cap(step.short)})), ' ' + text);
	},


	_sections: function (groups) {
		var t = this.texts, step = t.step(this.clock.index), heads = [step.hours || t.word('now_new'), t.word('now_on'), t.word('earlier')],
		    out = [], self = this;
		groups.forEach(function (events, k) {
			if (!events.length) { return; }
			out.push(L.Texts.make('h2', {}, [heads[k], L.Texts.make('span', {}, String(events.length))]));
			out.push(L.Texts.make('ul', {}, events.map(self._row, self)));
		});
		return out.length ? out : [L.Texts.make('p.mg-none', {}, t.word('none_here'))];
	},

	_row: function (i) {
		var possible = this.clock.state[i] === 1, key = this.texts.language + possible, made = this._made.get(i);
		if (!made || made.key !== key) {
			made = {key: key, row: this.make(i, possible)};
			made.item = L.Texts.make('li', {}, made.row);
			this._made.set(i, made);
		}
		made.row.classList.toggle('mg-older', this.clock.age[i] > 0);
		this._rows.set(i, made.row);
		return made.item;
	},

	/** A row of event i, as it stands in any list. */
	make: function (i, possible) {
		var t = this.texts, layer = this.layers[this.clock.events.layer[i]], hour = t.hour(i),
		    second = [this.texts.cap(hour || t.when(i)), t.place(i), possible ? t.word('possible') : ''];
		return L.Texts.make('button.mg-row', {type: 'button', 'data-i': i}, [
			this.symbols.svg(layer.symbol, {size: 20, hue: layer.hue, possible: possible}),
			L.Texts.make('span.mg-row-text', {}, [
				L.Texts.make('span.mg-row-title', {lang: t.foreign(i)}, t.title(i)), L.Texts.make('span.mg-row-more', {}, second.filter(Boolean).join(' · '))
			])
		]);
	},

	_indexOf: function (target) {
		var row = target.closest('.mg-row');
		return row ? +row.dataset.i : -1;
	},

	_onClick: function (e) {
		var i = this._indexOf(e.target);
		if (i >= 0) { this.clock.select(i); }
	},

	_ring: function () {
		if (this._ringed) { this._ringed.classList.remove('mg-hovered'); }
		this._ringed = this._rows.get(this.clock.hovered);
		if (this._ringed) { this._ringed.classList.add('mg-hovered'); }
	},

	/** Gives the focus to the row of an event, or to the first one, or to an empty list. */
	focus: function (i) {
		(this._rows.get(i) || this._first()).focus();
	}
});

L.eventList = function (clock, symbols, layers, texts) {
	return new L.EventList(clock, symbols, layers, texts);
};
