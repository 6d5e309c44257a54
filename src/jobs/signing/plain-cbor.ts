// Its native part is left out of the installation, and without this the library would call what is not there. First of all imports.
process.env["CBOR_NATIVE_ACCELERATION_DISABLED"] = "true";
