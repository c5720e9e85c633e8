import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks for credentials as Java device software does: HttpsURLConnection and the platform's default key managers, which send a
 * certificate only if the server's list of acceptable CAs is empty or holds its issuer.
 *
 * <p>Usage: java X509Probe.java URL THING CERTIFICATE.pem PRIVATE.key CA.pem TLS-VERSION. Prints the status and the names of the
 * members that came, never their values.
 */
public final class X509Probe {
  private static final char[] NO_PASSWORD = new char[0];

  public static void main(String[] arguments) throws Exception {
    SSLContext context = SSLContext.getInstance(arguments[5]);
    KeyStore identity = identity(Path.of(arguments[2]), Path.of(arguments[3]));
    context.init(keyManagers(identity).getKeyManagers(), trust(Path.of(arguments[4])).getTrustManagers(), null);
    HttpsURLConnection connection = (HttpsURLConnection) URI.create(arguments[0]).toURL().openConnection();
    connection.setSSLSocketFactory(context.getSocketFactory());
    connection.setRequestProperty("x-amzn-iot-thingname", arguments[1]);
    int status = connection.getResponseCode();
    var stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    String body = new String(stream.readAllBytes());
    System.out.println(status + " " + body.replaceAll(":\"[^\"]*\"", ""));
  }

  private static KeyManagerFactory keyManagers(KeyStore identity) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(identity, NO_PASSWORD);
    return factory;
  }

  private static TrustManagerFactory trust(Path authority) throws Exception {
    KeyStore store = emptyStore();
    store.setCertificateEntry("authority", certificate(authority));
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static KeyStore identity(Path certificate, Path key) throws Exception {
    KeyStore store = emptyStore();
    store.setKeyEntry("device", privateKey(key), NO_PASSWORD, new Certificate[] {certificate(certificate)});
    return store;
  }

  private static KeyStore emptyStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static Certificate certificate(Path file) throws Exception {
    try (var stream = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  private static PrivateKey privateKey(Path file) throws Exception {
    String base64 = Files.readString(file).replaceAll("-----[^-]+-----|\\s", "");
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }
}
