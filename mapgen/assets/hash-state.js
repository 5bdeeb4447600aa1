/**
 * The state of the page in its address: read, checked and written. Bad values are dropped, unknown keys kept.
 *
 * @class L.HashState
 */
L.HashState = L.Class.extend({

	options: {
		// Longest hash that is read, in characters.
		longest: 8192,
		// Least time between two writings, in milliseconds.
		every: 300
	},

	/** @param checks for each key a function that returns the clean value of a text, or null */
	initialize: function (checks, options) {
		L.setOptions(this, options);
		this.checks = checks;
		this.rest = [];
	},

	/** Reads a hash: an object of the keys that hold good values. */
	read: function (hash) {
		var found = Object.create(null), self = this;
		hash = hash.split('#?secret=')[0].replace(/^#/, '');
		this.rest = [];
		if (hash.length > this.options.longest) { return found; }
		hash.split('&').filter(Boolean).forEach(function (pair) {
			var at = pair.indexOf('='), key = at < 0 ? pair : pair.slice(0, at), value = null;
			if (!Object.hasOwn(self.checks, key)) {
				self.rest.push(pair);
				return;
			}
			try { value = decodeURIComponent(at < 0 ? '' : pair.slice(at + 1)); } catch (e) { return; }
			value = self.checks[key](value);
			if (value !== null && !(key in found)) { found[key] = value; }
		});
		return found;
	},

	/** The hash of a state, keys in the order of the checks; undefined ones left out. */
	text: function (state) {
		var pairs = Object.keys(this.checks).filter(function (key) { return state[key] !== undefined; }).map(function (key) {
			return key + '=' + encodeURIComponent(state[key]).replace(/%2F/g, '/').replace(/%3A/g, ':').replace(/%2C/g, ',');
		});
		return pairs.concat(this.rest).join('&');
	},

	/** Writes the state that `ask` returns into the address, soon and not too often. */
	write: function (ask) {
		if (this._timer) { return; }
		this._timer = setTimeout(L.bind(function () {
			var hash = this.text(ask());
			this._timer = null;
			// A frame made from a text (srcdoc) has no address of its own, and a sandbox may refuse.
			try { history.replaceState(null, '', hash ? '#' + hash : location.pathname + location.search); } catch (e) { /* keeps the old one */ }
		}, this), this.options.every);
	}
});

L.hashState = function (checks, options) {
	return new L.HashState(checks, options);
};
