/**
 * Time steps on any Leaflet map: one clock that all layers of the map share, a bar for it, and a small window for the
 * event that is chosen.
 *
 * @class L.TimeStepPlugin
 */
L.TimeStepPlugin = L.Class.extend({

	/** @param data {steps, events, layers, symbols, mode, index, languages, words, months, openAt} */
	initialize: function (map, data) {
		this.map = map;
		this.data = data;
		this.texts = L.texts(data, null, data.languages[0]);
		this.symbols = L.symbols(data.symbols);
		this.clock = map.timeSteps = L.timeSteps(data.steps, data.events, [{start: 0, name: {}}], {mode: data.mode});
		this.shown = data.layers.map(function () { return false; });
		map.getContainer().classList.add('mg');
		this.clock.go(data.index);
		this._mask();
		map.timeStepPlugin = this;
	},

	/** Only the events of layers that are on the map count. */
	_mask: function () {
		var shown = this.shown, layer = this.data.events.layer;
		this.clock.setMask(function (i) { return shown[layer[i]]; });
	},

	/**
	 * A layer of events.
	 * @param part {from: index of its first event, layer, lon, lat, shape, title, text, hue, symbol}
	 */
	layer: function (part) {
		var clock = this._follower(part), n = part.lon.length, fill = function (value) { return new Array(n).fill(value); }, self = this,
		    layer = L.timeStepLayer(clock, {
		        events: {lon: part.lon, lat: part.lat, shape: part.shape, radius: fill(0), precision: fill(0), bin: fill(''), layer: fill(0)},
		        layers: [{group: 0, symbol: part.symbol, hue: part.hue}], groups: [{hue: part.hue}], symbols: this.symbols
		    });
		layer.on('add', function () { self._show(part.layer, true); clock.follow(); });
		layer.on('remove', function () { self._show(part.layer, false); });
		clock.on('select', function () { if (clock.selected >= 0 && layer._map) { self._open(part, clock); } });
		return layer;
	},

	_show: function (k, on) {
		this.shown[k] = on;
		this._mask();
	},

	/** A clock of the events of one layer that goes where the map's clock goes. */
	_follower: function (part) {
		var all = this.data.events, n = part.lon.length, events = {}, master = this.clock, clock;
		['first', 'firstLatest', 'lastEarliest', 'last', 'firstStep'].forEach(function (name) {
			events[name] = all[name].slice(part.from, part.from + n);
		});
		events.capped = all.capped.filter(function (i) { return i >= part.from && i < part.from + n; }).map(function (i) { return i - part.from; });
		clock = L.timeSteps(this.data.steps, events, master.phases, {mode: master.mode});
		clock.follow = function () {
			clock.index = master.index;
			clock.mode = master.mode;
			clock._look();
			clock.fire('change');
		};
		master.on('change', clock.follow);
		return clock;
	},

	/** Says what an event is; its strings are written as text. */
	_open: function (part, clock) {
		var i = clock.selected, make = L.Texts.make, content = make('div.mg-note', {}, [
			make('strong', {}, part.title[i] || '\u2013'), part.text[i] ? make('p', {}, part.text[i]) : null
		]);
		L.popup({className: 'mg'}).setLatLng([part.lat[i] / 1e5, part.lon[i] / 1e5]).setContent(content)
			.on('remove', function () { if (clock.selected === i) { clock.select(-1); } }).openOn(this.map);
	},

	/** Puts the time bar on the map. */
	bar: function (position) {
		var data = this.data, hues = data.layers.map(function (layer) { return {hue: layer.hue}; }), ids = data.layers.map(function (l, k) { return {group: k}; });
		return L.timeStepBar(this.clock, {events: data.events, layers: ids, groups: hues}, this.texts, {position: position}).addTo(this.map);
	}
});

L.timeStepPlugin = function (map, data) {
	return new L.TimeStepPlugin(map, data);
};
