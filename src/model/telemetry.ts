// onnxruntime reports its use and the names of model files to Microsoft unless the environment says otherwise, before the
// library is loaded. Worker processes inherit it. A value that the user has set stays.
process.env.ORT_DISABLE_TELEMETRY ??= '1';
