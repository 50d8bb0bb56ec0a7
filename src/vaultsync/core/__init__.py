"""What every layer uses: texts and spans, the model, configuration, outputs, errors."""
