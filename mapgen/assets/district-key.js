/**
 * What the colours of the districts mean: a legend with numbers, in a corner of the map while a measure is shown.
 *
 * @class L.DistrictKey
 * @inherits L.Control
 */
L.DistrictKey = L.Control.extend({

	options: {
		position: 'bottomright',
		// Whether the reader may choose another measure or close it; else the legend only tells.
		choose: true
	},

	/**
	 * @param measures L.Measures
	 * @param apply function (key) called when the reader chooses a measure; '' for none
	 */
	initialize: function (measures, texts, apply, options) {
		L.setOptions(this, options);
		this.measures = measures;
		this.texts = texts;
		this.apply = apply;
		this.key = '';
	},

	onAdd: function () {
		this._container = L.Texts.make('section.mg-measure');
		L.DomEvent.disableClickPropagation(this._container).disableScrollPropagation(this._container);
		this.redraw();
		return this._container;
	},

	onRemove: function () {
		this._shown = null;
	},

	/** Tells of a measure; '' hides the legend. */
	show: function (key) {
		this.key = key;
		this.redraw();
	},

	/** Writes everything again: after a step, a filter or a change of language. */
	redraw: function () {
		var make = L.Texts.make, found, rows, held = this._container && this._container.contains(document.activeElement);
		if (!this._container) { return; }
		this._container.hidden = !this.key;
		if (!this.key) { return; }
		found = this.measures.show(this.key);
		rows = found.classes.map(function (c) { return this._row('mg-swatch mg-' + c.token, c.text, c.count); }, this);
		if (found.without) {
			rows.push(this.key === 'events' ? this._row('mg-swatch', this.texts.word('measure.zero'), found.without) :
				this._row('mg-swatch mg-nofigure', this.texts.word('measure.none'), found.without));
		}
		this._container.setAttribute('aria-label', this.measures.title(this.key));
		this._container.replaceChildren(this._head(), make('p', {}, this._about(found.districts)), make('ul', {}, rows), this._sources());
		if (held) { this._container.querySelector('button').focus({preventScroll: true}); }
	},

	_head: function () {
		var self = this, t = this.texts, make = L.Texts.make, title = make('h2', {}, this.measures.title(this.key));
		return make('header', {}, this.options.choose ? [title, make('button.mg-button.mg-plain', {
			type: 'button', 'aria-label': t.word('close'), on: {click: function () {
				self.apply('');
				self._map.getContainer().focus({preventScroll: true});
			}}}, L.Texts.icon('close', 14))] : title);
	},

	_row: function (swatch, text, count) {
		var make = L.Texts.make;
		return make('li', {}, [make('span.' + swatch.replace(/ /g, '.')), make('span.mg-class', {}, text), make('span.mg-count', {}, this.measures.number(count))]);
	},

	_about: function (n) {
		var t = this.texts, data = this.measures.data, id = this.measures.level(this.key), whole = this.measures.whole(this.key),
		    level = data.districts.levels.filter(function (l) { return l.id === id; })[0];
		return t.word('measure.by', {level: t.name(level.name) || level.id, n: n}) + (whole ? ' ' + t.word('measure.whole', {figure: whole}) : '');
	},

	_sources: function () {
		var t = this.texts, names = this.measures.sources(this.key).map(function (anchor) { return t.cited(anchor); }).filter(Boolean);
		return names.length ? L.Texts.make('p.mg-dim', {}, t.word('measure.source', {names: names.join('; ')})) : '';
	},

	/** The menu of measures: a label and a native select, for the panel of layers. */
	menu: function () {
		var t = this.texts, make = L.Texts.make, self = this, select = make('select', {on: {change: function () { self.apply(select.value); }}},
		    [make('option', {value: ''}, t.word('measure.off'))].concat(this.measures.menu().map(function (group) {
		        var options = group.keys.map(function (key) { return make('option', {value: key}, self.measures.title(key, !!group.name)); });
		        return group.name ? make('optgroup', {label: group.name}, options) : options[0];
		    })));
		select.value = this.key;
		return make('label.mg-choose', {}, [make('span', {}, t.word('measure.choose')), select]);
	}
});

/** @factory L.districtKey(measures, texts, apply, options) */
L.districtKey = function (measures, texts, apply, options) {
	return new L.DistrictKey(measures, texts, apply, options);
};
