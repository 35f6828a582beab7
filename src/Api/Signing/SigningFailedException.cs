namespace Relo.Api.Signing;

/// <summary>The command that signs failed, or its output is not a signature of the configured key.</summary>
internal sealed class SigningFailedException(string message) : Exception(message);
