namespace Relo.Api.BtfHubOnline;

/// <summary>Two fields that btfhub-online sends with every file.</summary>
internal static class FileTransfer
{
    /// <summary>Adds them.</summary>
    public static void Announce(HttpResponse response)
    {
        response.Headers["Content-Description"] = "File Transfer";
        response.Headers["Content-Transfer-Encoding"] = "binary";
    }
}
