namespace Relo.Archive.Upstream;

/// <summary>The upstream sends more than the size limit. Not retried, because a retry would get the same.</summary>
internal sealed class UpstreamTooLargeException(string message) : Exception(message);
