/* L.MapPage on paper: the light plan at the size of the sheet, its legend, the events shown and their sources. */
L.MapPage.include({

	/** Listens for the printer; a page that cannot be drawn is printed as its chronology. */
	_paper: function () {
		var self = this;
		this._legend = L.Texts.make('section.mg-paper');
		this._sourceList = L.Texts.make('section.mg-paper.mg-last');
		document.getElementById('mg-app').append(this._legend, this._sourceList);
		window.addEventListener('beforeprint', function () { self._print(true); });
		window.addEventListener('afterprint', function () { self._print(false); });
	},

	_print: function (on) {
		var map = this.map, bounds = map.getBounds();
		if (on === this._printing) { return; }
		this._printing = on;
		this.root.classList.toggle('mg-print', on);
		this._legend.replaceChildren(on ? this._symbolsShown() : '');
		this._sourceList.replaceChildren.apply(this._sourceList, on ? this._sourcesShown() : []);
		if (on) { this._before = {zoom: map.getZoom(), centre: map.getCenter()}; }
		map.invalidateSize({animate: false, pan: false});
		if (!on) { map.setView(this._before.centre, this._before.zoom, {reset: true}); } else if (this._viewed) { map.fitBounds(bounds, {reset: true, animate: false}); } else { this._fit(); }
		this._setTheme();
		// Paper does not wait for the next frame; names last, for they keep clear of what is drawn before.
		this._layers.slice(0, -2).concat(this.marks, this.names).forEach(function (layer) {
			layer.options.ratio = on ? 2.5 : 0;
			layer.draw();
		});
		this.districts.outlines().options.ratio = on ? 2.5 : 0;
		this.districts.outlines().draw();
		this._flatten(on);
		this.list.draw();
	},

	/** Lays one picture of all canvases over them: Chromium prints canvases that hold many paths empty. */
	_flatten: function (on) {
		var all = this.map.getPanes().overlayPane.querySelectorAll('canvas'), first = all[0], flat, ctx;
		if (this._flat) { this._flat.remove(); }
		if (!on) { return; }
		flat = L.Texts.make('canvas');
		flat.width = first.width;
		flat.height = first.height;
		ctx = flat.getContext('2d');
		Array.from(all).filter(function (canvas) { return !canvas.hidden; }).sort(function (a, b) { return a.style.zIndex - b.style.zIndex; }).forEach(function (canvas) { ctx.drawImage(canvas, 0, 0); });
		this._flat = L.Texts.make('img.mg-flat', {alt: '', src: flat.toDataURL()});
		this._flat.style.cssText = first.style.cssText;
		first.parentNode.append(this._flat);
	},

	/** The symbols of the layers shown, with their counts. */
	_symbolsShown: function () {
		var make = L.Texts.make, t = this.texts, clock = this.clock, tally = clock.tally(clock.events.layer, this.data.layers.length), self = this;
		return make('ul.mg-paper-legend', {}, this.data.layers.map(function (layer, k) {
			return tally[k] ? make('li', {}, [self.symbols.svg(layer.symbol, {size: 18, hue: layer.hue}), t.word('aside', {a: t.name(layer.name), b: t.number(tally[k])})]) : null;
		}).filter(Boolean).concat(this._zonesKey.hidden ? [] : Array.from(this._zonesKey.cloneNode(true).children), this._marksKey()));
	},

	/** Every source of the events shown, once. */
	_sourcesShown: function () {
		var make = L.Texts.make, t = this.texts, seen = new Set();
		this.list.shown().forEach(function (i) {
			t.refs(i).forEach(function (ref) { seen.add(ref[0]); });
		});
		return [make('h2', {}, t.word('sources')), make('ul.mg-paper-sources', {}, Array.from(seen).sort(function (a, b) { return a - b; }).map(function (k) {
			return make('li', {}, L.Texts.line(t.source(k)));
		}))];
	}
});
