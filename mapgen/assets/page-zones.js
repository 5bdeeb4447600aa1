/* The ground held by each side, on L.MapPage: shown or not, named on the map, told in words, explained in a small key. */
L.MapPage.include({

	/** The small key in the corner, while zones are drawn and no other legend stands there. */
	_zoneKey: function () {
		var key = this._zonesKey = L.Texts.make('ul.mg-zone-key', {hidden: ''});
		document.querySelector('.mg-stage').append(key);
		this._zoneWords = L.Texts.make('p.mg-zone-words');
		this.list.sentence.after(this._zoneWords);
		if (this.zones.length) { this.clock.on('change', this._showZones, this); }
		this.map.on('zoomend', this._showZones, this);
	},

	_showZones: function () {
		var off = !this._zonesOn || !!this.measure, at = this.clock.index, first = !off && this.zones[0],
		    now = first ? first.held(at) : [], before = first && at ? first.held(at - 1) : [], text = JSON.stringify(now) + this.language, near = this.map.getZoom() >= this.pointer.options.fine && !this.measure, key = text + JSON.stringify(before) + near;
		this.zones.forEach(function (layer) { if (layer.options.off !== off) { layer.setOff(off); } });
		if (text !== this._zonesTold) {
			this._nameSides(now);
			this._tellSides(now);
		}
		// Most steps show the rows of the last one.
		if (key !== this._zonesKeyed) { this._fillZoneKey(now, before, near); }
		this._zonesTold = text;
		this._zonesKeyed = key;
	},

	/** Names the sides on the map itself: who has read nothing understands the picture. */
	_nameSides: function (held) {
		var t = this.texts, small = this.map.getSize().x < 700, ground = this.zones[0];
		this.names.setWords(held.filter(function (h) { return h.row.at && h.row.share >= 10; }).map(function (h) {
			return {
				text: t.name(h.side.name), lat: h.row.at[1] / 1e5, lon: h.row.at[0] / 1e5, size: small ? 13 : 17, spacing: 0.4, weight: 700, italic: true,
				colour: h.side.hue, halo: 'ground', haloWidth: 3, own: function (latlng) { return ground.covers(latlng) === (h.side.draw === 'wash'); }
			};
		}));
	},

	/** One sentence for each side whose ground is drawn as a wash. */
	_tellSides: function (held) {
		var t = this.texts;
		this._zoneWords.textContent = held.filter(function (h) { return h.side.draw === 'wash' && h.row.share; }).map(function (h) {
			return t.cap(t.word(h.row.share === 100 ? 'zones.all' : 'zones.share', {side: t.name(h.side.told), share: h.row.share}));
		}).join(' ');
	},

	/** What the small key explains: the ground held, or seen from near, where that is out of view, the marks. */
	_fillZoneKey: function (held, before, near) {
		var t = this.texts, make = L.Texts.make, drawn = function (h) { return h.row.line || h.row.cut && h.side.draw !== 'edge'; }, lines = held.filter(drawn), row = function (kind, side, word, values) {
			return make('li', {}, [make('span.mg-zone.mg-zone-' + kind + '.mg-hue-' + side.hue), t.word('zones.' + word, values)]);
		}, rows = held.filter(function (h) { return !h.row.line; }).map(function (h) { return row(h.side.draw, h.side, 'held', {side: t.name(h.side.told)}); }),
		    old = before.filter(drawn).find(function (h) { return !lines.some(function (now) { return now.row === h.row; }); });
		lines.forEach(function (h) {
			var sure = h.row.sure >= 0.8;
			rows.push(row(!h.row.cut ? 'far' : sure ? 'line' : 'dash', h.side, sure ? 'line' : 'line_unsure', {side: t.name(h.side.told)}));
		});
		if (old) { rows.push(row('dots', old.side, 'before', {step: t.step(this.clock.index - 1).short})); }
		if (near) { rows = this._marksKey(); }
		this._zonesKey.hidden = !near && !lines.length;
		this._zonesKey.replaceChildren.apply(this._zonesKey, rows);
	},

	_marksKey: function () {
		var first = this.data.layers[0], t = this.texts, make = L.Texts.make, symbols = this.symbols, symbol = function (possible) { return symbols.svg(first.symbol, {size: 18, hue: first.hue, possible: possible}); };
		return [[symbol(false), 'certain'], [symbol(true), 'possible'], [make('span.mg-zone.mg-zone-halo'), 'zones.halo'], [make('span.mg-zone.mg-zone-hatch'), 'precision.quarter']].map(function (row) {
			return make('li', {}, [make('span.mg-zone-sign', {}, row[0]), t.cap(t.word(row[1]))]);
		});
	}
});
