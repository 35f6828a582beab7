namespace Relo.Archive.Upstream;

/// <summary>The upstream sends more than is taken. Asking again would not help, so it is not retried.</summary>
internal sealed class UpstreamTooLargeException(string message) : Exception(message);
