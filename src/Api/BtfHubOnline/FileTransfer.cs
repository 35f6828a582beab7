namespace Relo.Api.BtfHubOnline;

/// <summary>Two header fields that btfhub-online sends with every file.</summary>
internal static class FileTransfer
{
    /// <summary>Adds the fields to a response.</summary>
    public static void Announce(HttpResponse response)
    {
        response.Headers["Content-Description"] = "File Transfer";
        response.Headers["Content-Transfer-Encoding"] = "binary";
    }
}
