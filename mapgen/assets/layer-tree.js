/**
 * Layers and legend in one panel: groups with three-state boxes, each layer with its symbol and its count on the shown
 * interval, then the base map.
 *
 * @class L.LayerTree
 * @inherits L.Control
 */
L.LayerTree = L.Control.extend({

	options: {
		position: 'topright',
		// Only these layers are offered; all if null.
		only: null,
		// function () -> [[element], [element]]: menus that stand under the layers of events and under the levels of districts.
		menus: null
	},

	/**
	 * @param parts {layers, groups, levels: [{id, name}] of districts, base: [file id]}
	 * @param apply function (ids of the chosen layers, base ones as `base-ID`) called when the reader changes the choice
	 */
	initialize: function (clock, symbols, parts, texts, apply, options) {
		L.setOptions(this, options);
		this.clock = clock;
		this.symbols = symbols;
		this.parts = parts;
		this.texts = texts;
		this.apply = apply;
		this.chosen = new Set(this.all());
	},

	/** Every layer offered, in the order of the contract, then the base layers. */
	all: function () {
		var only = this.options.only, ids = this.parts.layers.map(function (l) { return l.id; })
			.concat(this.parts.levels.map(function (level) { return 'base-' + level.id; }), this.parts.base.map(function (id) { return 'base-' + id; }));
		return only ? ids.filter(function (id) { return only.indexOf(id) >= 0 || id.indexOf('base-') === 0; }) : ids;
	},

	onAdd: function () {
		this._container = L.Texts.make('div.mg-layers', {on: {keydown: L.bind(function (e) {
			if (e.key === 'Escape' && this._open) {
				this.toggle();
				e.stopPropagation();
			}
		}, this)}});
		this._fill();
		this.clock.on('change', this.redraw, this);
		L.DomEvent.disableClickPropagation(this._container).disableScrollPropagation(this._container);
		return this._container;
	},

	onRemove: function () {
		this.clock.off('change', this.redraw, this);
		L.Util.cancelAnimFrame(this._frame);
	},

	/** Chooses layers; those not offered are left out. */
	choose: function (ids) {
		var all = this.all();
		this.chosen = new Set(ids.filter(function (id) { return all.indexOf(id) >= 0; }));
		if (this._open) { this._tick(); }
	},

	/** Writes all words again; what is unfolded stays so, and where it was scrolled to. */
	relabel: function () {
		var rows = this._rowsBox(), top = rows.scrollTop, unfolded = rows.querySelector('[open]');
		L.DomUtil.empty(this._container);
		this._fill();
		rows = this._rowsBox();
		if (unfolded) { rows.querySelector('details').open = true; }
		rows.scrollTop = top;
	},

	_rowsBox: function () { return this._panel.querySelector('.mg-layers-rows'); },

	redraw: function () {
		if (this._open && !this._frame) { this._frame = L.Util.requestAnimFrame(this._count, this); }
	},

	_fill: function () {
		var t = this.texts, make = L.Texts.make, open = !!this._open;
		this._boxes = new Map();
		this._counts = new Map();
		this._button = make('button.mg-button.mg-float', {type: 'button', 'aria-expanded': open, on: {click: L.bind(this.toggle, this)}},
			[L.Texts.icon('layers'), make('span', {}, t.word('layers'))]);
		this._panel = make('section.mg-side.mg-layers-panel', {'aria-label': t.word('layers_title')}, [
			make('header', {}, [make('h2', {}, t.word('layers_title')), make('button.mg-button.mg-plain', {
				type: 'button', 'aria-label': t.word('close'), on: {click: L.bind(this.toggle, this)}}, L.Texts.icon('close', 16))]),
			make('div.mg-layers-rows')
		]);
		this._container.append(this._button, this._panel);
		this._show(open);
	},

	/** Makes the rows when the panel is opened for the first time in a language. */
	_fillRows: function () {
		var box = this._rowsBox();
		if (box.firstChild) { return; }
		box.append.apply(box, this._rows());
		box.append(this._credits());
		this._panel.append(this._key());
	},

	_rows: function () {
		var t = this.texts, all = this.all(), rows = [], self = this;
		this.parts.groups.forEach(function (group, g) {
			var layers = self.parts.layers.filter(function (l) { return l.group === g && all.indexOf(l.id) >= 0; });
			if (layers.length) { rows.push(self._group(t.name(group.name), layers.map(function (l) { return l.id; }), layers.map(self._layer, self))); }
		});
		this._menus = [L.Texts.make('div.mg-menus'), L.Texts.make('div.mg-menus')];
		rows.push(this._menus[0], this._districts());
		var base = this.parts.base;
		if (base.length) { rows.push(this._group(t.word('base'), base.map(function (id) { return 'base-' + id; }), base.map(this._base, this))); }
		return rows;
	},

	_group: function (name, ids, rows) {
		return L.Texts.make('fieldset', {}, [
			L.Texts.make('legend', {}, name), this._row('mg-layer-group', ids, name, null)
		].concat(rows));
	},

	_districts: function () {
		var levels = this.parts.levels, group = this._group(this.texts.word('districts'), levels.map(function (l) { return 'base-' + l.id; }), levels.map(function (level) {
			return this._row('mg-layer', ['base-' + level.id], this.texts.cap(this.texts.name(level.name) || level.id), null);
		}, this));
		group.append(this._menus[1]);
		this.relist();
		return group;
	},

	/** Writes the menus again: what they stand on was changed elsewhere. */
	relist: function () {
		if (!this._menus || !this.options.menus) { return; }
		this.options.menus().forEach(function (menus, k) {
			var box = this._menus[k];
			if (!box.contains(document.activeElement)) { box.replaceChildren.apply(box, menus); }
		}, this);
	},


	_layer: function (layer) {
		return this._row('mg-layer', [layer.id], this.texts.name(layer.name), this.symbols.svg(layer.symbol, {size: 18, hue: layer.hue}));
	},

	_base: function (id) {
		var words = this.texts.data.words[this.texts.language].base_layers;
		return this._row('mg-layer', ['base-' + id], Object.hasOwn(words, id) ? words[id] : id, null);
	},

	_row: function (className, ids, name, symbol) {
		var make = L.Texts.make, self = this, count = make('span.mg-count'),
		    box = make('input', {type: 'checkbox', on: {change: function () { self._set(ids, box.checked); }}}),
		    only = make('button.mg-only', {type: 'button', 'aria-label': this.texts.word('lead', {date: this.texts.word('only_this')}) + ' ' + name, on: {click: function () { self._only(ids); }}},
		        this.texts.word('only_this'));
		this._boxes.set(box, ids);
		if (ids[0].indexOf('base-') !== 0) { this._counts.set(count, ids); }
		return make('div.' + className, {}, [make('label', {}, [box, symbol, make('span', {}, name)]), ids[0].indexOf('base-') ? only : null, count]);
	},

	/** The sources of the base map and the districts, folded. */
	_credits: function () {
		var make = L.Texts.make, items = this.texts.ground();
		return items.length ? make('details.mg-credits', {}, [make('summary', {}, this.texts.word('ground_sources')),
			make('ul', {}, items.map(function (source) { return make('li', {}, L.Texts.line(source)); }))]) : '';
	},

	_key: function () {
		var first = this.parts.layers[0], t = this.texts, make = L.Texts.make;
		return make('footer.mg-key', {}, [
			make('span', {}, [this.symbols.svg(first.symbol, {size: 18, hue: first.hue}), t.word('certain')]),
			make('span', {}, [this.symbols.svg(first.symbol, {size: 18, hue: first.hue, possible: true}), t.word('possible')]),
			make('span', {}, [make('span.mg-several', {}, '8'), t.word('several')])
		]);
	},

	_set: function (ids, on) {
		ids.forEach(function (id) { this.chosen[on ? 'add' : 'delete'](id); }, this);
		this._tick();
		this.apply(Array.from(this.chosen));
	},

	/** Shows these event layers and no others; the base map stays as it is. */
	_only: function (ids) {
		this.chosen = new Set(Array.from(this.chosen).filter(function (id) { return id.indexOf('base-') === 0; }).concat(ids));
		this._tick();
		this.apply(Array.from(this.chosen));
	},

	_tick: function () {
		this._boxes.forEach(function (ids, box) {
			var n = ids.filter(function (id) { return this.chosen.has(id); }, this).length;
			box.checked = n === ids.length;
			box.indeterminate = n > 0 && n < ids.length;
		}, this);
	},

	_count: function () {
		var layers = this.parts.layers, tally = this.clock.tally(this.clock.events.layer, layers.length);
		this._frame = null;
		this._counts.forEach(function (ids, el) {
			el.textContent = layers.reduce(function (sum, l, k) { return sum + (ids.indexOf(l.id) < 0 ? 0 : tally[k]); }, 0);
			el.classList.toggle('mg-zero', el.textContent === '0');
		});
	},

	toggle: function () {
		this._show(!this._open);
		(this._open ? this._panel.querySelector('button') : this._button).focus();
	},

	_show: function (open) {
		this._open = open;
		this._panel.hidden = !open;
		this._button.hidden = open;
		this._button.setAttribute('aria-expanded', open);
		if (open) {
			this._fillRows();
			this._tick();
			this._count();
		}
	}
});

L.layerTree = function (clock, symbols, parts, texts, apply, options) {
	return new L.LayerTree(clock, symbols, parts, texts, apply, options);
};
