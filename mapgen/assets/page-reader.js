/* What a reader asks of L.MapPage: stillness, colours of their own, a focus that is never lost. */
L.MapPage.include({

	_heed: function () {
		var self = this, map = this.map, still = window.matchMedia('(prefers-reduced-motion: reduce)'), zooms = map._zoomAnimated, pan = map.panBy, quiet = function () {
			map._zoomAnimated = map.options.zoomAnimation = zooms && !still.matches;
			map.options.inertia = !still.matches;
		};
		quiet();
		still.addEventListener('change', quiet);
		map.panBy = function (offset, options) {
			return pan.call(map, offset, still.matches ? L.extend({}, options, {animate: false}) : options);
		};
		this._forced.addEventListener('change', function () { self._setTheme(); });
		// The keyboard never stands in a sheet that is shut.
		this._panel.addEventListener('focusin', function (e) {
			if (e.target !== this.firstChild && e.target.matches(':focus-visible')) { self._sheet(true); }
		});
		// Who plays would hear every step too late; a pause tells where one is.
		this.clock.on('play', function () {
			self.list.told.setAttribute('aria-live', self.clock.playing() ? 'off' : 'polite');
			self.list.redraw();
		});
	},

	/** Gives the focus back when the card is closed: to the tour, search or changes that opened it, else to the row of its event, else to the map. */
	_giveBack: function () {
		if (this._tourPart.contains(this._from)) { this._from.focus(); } else if (this.search.open) { this.search.field.focus(); } else if (this.changes.open) { this.changes.container.focus(); } else { this.list.focus(this.card.index); }
		if (document.activeElement === document.body) { this.map.getContainer().focus({preventScroll: true}); }
	}
});
