/**
 * How a reader reaches the districts: a small line tells of the one under the pointer or the keyboard, a click or a
 * choice from the menu filters to it, and its figures are shown.
 *
 * @class L.DistrictPointer
 */
L.DistrictPointer = L.Class.extend({

	options: {
		// Zoom from which the finest level is meant when no measure says which.
		fine: 14.2
	},

	/**
	 * @param layer L.DistrictLayer
	 * @param measures L.Measures
	 * @param apply function (id) called when the reader chooses a district; '' for all
	 */
	initialize: function (layer, measures, texts, apply, options) {
		L.setOptions(this, options);
		this.layer = layer;
		this.measures = measures;
		this.texts = texts;
		this.apply = apply;
		this.key = '';
		this.line = L.Texts.make('div.mg-district-line', {hidden: ''});
		this._at = new Map(measures.data.districts.id.map(function (id, i) { return [id, i]; }));
	},

	/** Begins to listen to a map. */
	addTo: function (map) {
		this._map = map;
		map.on({mousemove: this._onMove, mouseout: this._leave, movestart: this._leave, 'timestep:miss': this._onClick}, this);
		return this;
	},

	/** Ends listening. */
	remove: function () {
		this._map.off({mousemove: this._onMove, mouseout: this._leave, movestart: this._leave, 'timestep:miss': this._onClick}, this);
		this._leave();
	},

	/** Takes the measure that is shown, '' for none: the line tells its figure, its level is the one that is meant. */
	show: function (key) {
		this.key = key;
		this._leave();
	},

	/** The menu of districts: a label and a native select that rings the district it is on. */
	menu: function (chosen) {
		var make = L.Texts.make, self = this, d = this.measures.data.districts, t = this.texts, select, under = function (parent) {
			return d.id.filter(function (id, i) { return d.parent[i] === parent; });
		}, option = function (id) {
			return make('option', {value: id}, [self._short(id)]);
		};
		select = make('select', {on: {
			change: function () { self.apply(select.value); self._ring(select.value); },
			focus: function () { self._ring(select.value); },
			blur: function () { self._ring(''); }
		}}, [make('option', {value: ''}, t.word('measure.all'))]);
		under(-1).forEach(function (id) {
			var inner = under(self._at.get(id));
			select.append(inner.length ? make('optgroup', {label: self._short(id)}, [option(id)].concat(inner.map(option))) : option(id));
		});
		select.value = chosen;
		return make('label.mg-choose', {}, [make('span', {}, t.word('measure.only')), select]);
	},

	/** The figures of a district: its name, what it lies in, and each figure with its date; null for none. */
	figures: function (id) {
		var make = L.Texts.make, name = id && this.name(id), rows = id ? this.measures.table(id) : [], t = this.texts;
		if (!id) { return null; }
		return make('section.mg-district', {'aria-label': name.name}, [
			make('h2', {}, name.name), make('p', {}, name.rest),
			rows.length ? make('table', {}, make('tbody', {}, rows.map(function (row) {
				return make('tr', {}, [make('th', {scope: 'row'}, row.when ? t.word('measure.title', {name: row.name, when: row.when}) : row.name), make('td', {}, row.value)]);
			}))) : make('p.mg-dim', {}, t.word('measure.none'))
		]);
	},

	/** The name of a district and, apart, its name of today, number and what it lies in. */
	name: function (id) {
		var d = this.measures.data.districts, i = this._at.get(id), t = this.texts, parts = [], at = i;
		if (Object.hasOwn(d.today, i)) { parts.push(t.word('measure.today', {today: d.today[i]})); }
		for (; at >= 0; at = d.parent[at]) { parts.push(this._numbered(at)); }
		return {name: d.name[i], rest: t.join(parts)};
	},

	// On the top level the number is an ordinal: « 3rd ward », below it « block 43 ».
	_numbered: function (i) {
		var d = this.measures.data.districts, t = this.texts, level = d.levels[d.level[i]], name = t.name(level.name) || level.id;
		if (d.number[i] === null) { return ''; }
		return d.parent[i] < 0 ? t.word('district_number', {number: t.ordinal(d.number[i]), level: name}) :
			t.word('district_name', {name: d.number[i], level: name});
	},

	_short: function (id) {
		var d = this.measures.data.districts, i = this._at.get(id);
		return (d.number[i] === null ? '' : d.number[i] + ' ') + d.name[i];
	},

	_level: function () {
		var levels = this.measures.data.districts.levels;
		if (this.key) { return this.measures.level(this.key); }
		return levels[this._map.getZoom() < this.options.fine ? 0 : levels.length - 1].id;
	},

	_onMove: function (e) {
		this._event = e;
		if (!this._frame) { this._frame = L.Util.requestAnimFrame(this._look, this); }
	},

	_look: function () {
		var e = this._event, map = this._map, id;
		this._frame = null;
		if (!e || map.dragging && map.dragging.moving() || window.matchMedia('(hover: none)').matches) { return; }
		id = map.getContainer().classList.contains('mg-over-mark') ? null : this.layer.districtAt(e.latlng, this._level());
		if (this.key) { this.layer.setHover(id); }
		this._tell(id, e.containerPoint);
	},

	_leave: function () {
		this._event = null;
		this.layer.setHover(null);
		this._tell(null);
	},

	_onClick: function (e) {
		var id = this.layer.districtAt(e.latlng, this._level());
		if (id !== null) { this.apply(id); }
	},

	/** The ring and the line of the district that the menu is on. */
	_ring: function (id) {
		this.layer.setFocus(id || null);
		this._tell(id || null);
	},

	/** Writes the line: near the pointer while a measure is shown, else where it is out of the way. */
	_tell: function (id, point) {
		var make = L.Texts.make, t = this.texts, line = this.line, near = point && this.key, name, n, figure;
		line.hidden = !id;
		if (!id) { return; }
		name = this.name(id);
		n = this.measures.count(this._at.get(id));
		figure = this.key ? this.measures.figure(this.key, id) : '';
		line.replaceChildren(make('b', {}, name.name), name.rest ? t.word('comma') + name.rest : '', make('br'), [t.count('measure.here', n), figure].filter(Boolean).join(' · '));
		line.classList.toggle('mg-near', !!near);
		if (near) { this._place(point); }
	},

	// Right of and below the pointer, or on its other side where it would leave the map.
	_place: function (point) {
		var size = this._map.getSize(), w = this.line.offsetWidth, h = this.line.offsetHeight,
		    x = point.x + 16 + w > size.x ? point.x - 16 - w : point.x + 16, y = point.y + 20 + h > size.y ? point.y - 12 - h : point.y + 20;
		L.DomUtil.setTransform(this.line, L.point(Math.max(4, x), Math.max(4, y)));
	}
});

/** @factory L.districtPointer(layer, measures, texts, apply, options) */
L.districtPointer = function (layer, measures, texts, apply, options) {
	return new L.DistrictPointer(layer, measures, texts, apply, options);
};
